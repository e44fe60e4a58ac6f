"""Files with fitments (part ↔ car) and numbers (OE, cross, barcodes): read → trial → a person applies → maybe undone.

Reading is that of price lists (``shop.lib.tables``). Everything between file and catalogue is in temporary tables of
one connection, so a killed worker leaves nothing behind and the file is read again.
"""
