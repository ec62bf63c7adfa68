from yakuba.kernel.home import kernel_menu, kernel_people, kernel_work  # noqa: F401  they register on import
