"""Assets, one module a layer. An asset is ten to forty lines that call a pure step and say what it did."""
