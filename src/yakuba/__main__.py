from yakuba.site.cli import main

main()
