"""`ingest review`: a dataset of millions of records in the browser, on this machine only.

    index     parts -> tables in a temporary DuckDB, a few parts at a time, while the server answers already
    lookups   what the views ask of these tables
    rows      one row of a part, found by part and row
    search    a text in all bodies, hits as they are found
    filters   what a view is narrowed to, to and from its address
    pages     the views: lookups and rows through the shared templates
    guard     who may ask: this machine's browser, its own forms
    app       addresses -> views
    serve     the listening socket, until Ctrl-C

Nothing is written to the dataset but marks (`ingest.marks`).
"""
