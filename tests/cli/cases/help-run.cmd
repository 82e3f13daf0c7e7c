t run --help
