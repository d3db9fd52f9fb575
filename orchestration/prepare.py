"""Run once after installing: what would otherwise be made on first use (extensions, dbt's manifest)."""

from lake.connection import install_extensions
from orchestration.instance import ensure_manifest

if __name__ == "__main__":
    install_extensions()
    ensure_manifest()
