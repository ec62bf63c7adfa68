from yakuba.kernel.home import kernel_menu  # noqa: F401  its places register on import
