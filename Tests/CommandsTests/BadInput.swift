import TestSupport

/// One way in which a file that is to be imported may be wrong, and what must be said of it.
struct BadInput: Sendable, CustomStringConvertible {
    var name: String
    var table: String
    /// Makes the file in the shell; `$tables` and `$feeds` are the fixtures' folders.
    var make: String
    /// The file that it makes.
    var file = "in.csv"
    /// How the import ends.
    var status: Int32 = 1
    /// What is said, file and line first.
    var says: [String]

    var description: String { name }

    /// A file of rows below the header of a table, each with line end.
    private static func rows(
        _ name: String, _ table: String, _ rows: [String], status: Int32 = 3, _ says: String...
    ) -> BadInput {
        let lines = ([headers[table] ?? ""] + rows).joined(separator: "\n")
        return BadInput(
            name: name, table: table, make: "printf '%s\\n' '\(lines)' > in.csv", status: status,
            says: says)
    }

    private static func feed(_ name: String, _ file: String, status: Int32 = 1, _ says: String...)
        -> BadInput
    {
        BadInput(
            name: name, table: "catalogue", make: "cp $feeds/\(file) in.xml", file: "in.xml",
            status: status, says: says)
    }

    private static func raw(_ name: String, _ make: String, _ says: String..., status: Int32 = 1)
        -> BadInput
    {
        BadInput(name: name, table: "wishes", make: make, status: status, says: says)
    }

    /// The required columns of each table.
    static let headers = [
        "sites": "site,parent", "origins": "origin,site,egress_kbps,base_url",
        "accounts": "account,status",
        "devices": "device,account,site,wish_bytes,cache_bytes,up_kbps,down_kbps",
        "holdings": "device,item,chunks", "wishes": "device,title,rank", "links": "from,to,kbps",
    ]
}

// Files that can't be read to their end.

extension BadInput {
    static let unreadable: [BadInput] = [
        raw("empty", ": > in.csv", "in.csv: error: the file is empty [E_EMPTY]"),
        raw(
            "truncated", "printf 'device,title,rank\\nbox-1,t1,1\\nbox-2,t' > in.csv",
            "in.csv:3: error: the file stops in the middle of a row"),
        raw(
            "truncated JSON Lines",
            #"printf '{"device":"box-1","title":"t","rank":1}\n{"device":"bo' > in.csv"#,
            "in.csv:2: error: the file stops in the middle of a row"),
        raw(
            "truncated gzip", "gzip -c good.csv | head -c -9 > in.csv",
            "in.csv: error: the compressed file stops before its end [E_TRUNCATED]"),
        raw(
            "truncated within a gzip block", "gzip -c good.csv | head -c 400 > in.csv",
            "in.csv: error: the compressed file stops before its end [E_TRUNCATED]"),
        raw(
            "truncated zstd", "cp $tables/wishes-zstd-truncated.csv in.csv",
            "in.csv: error: the compressed file stops before its end [E_TRUNCATED]"),
        raw(
            "damaged gzip", "cp $tables/wishes-gzip-wrong-sum.csv in.csv",
            "in.csv: error: the gzip data is damaged [E_GZIP]"),
        raw(
            "an exploding gzip",
            "{ echo device,title,rank; head -c 70000000 /dev/zero | tr '\\0' x; } | gzip > in.csv",
            "in.csv: error: the input grows to more than 250 times its size [E_TOO_LARGE]"),
        raw(
            "UTF-16", "cp $tables/wishes-utf16.csv in.csv",
            "in.csv:1: error: the file is UTF-16 text [E_ENCODING]"),
        raw(
            "a header in another encoding", "printf 'device,title,rank,n\\351\\n' > in.csv",
            "in.csv:1: error: the header line isn't UTF-8 [E_UTF8]"),
        raw(
            "NUL bytes", "printf 'device,title,rank\\nbox-1,a\\0b,1\\n' > in.csv",
            "in.csv:2: error: the file holds NUL bytes"),
        raw(
            "missing column", "printf 'device,rank\\nbox-1,1\\n' > in.csv",
            "in.csv:1: error: a table of wishes lacks 'title' [E_COLUMN]",
            "hint: the header names: device, rank"),
        raw(
            "duplicate header", "printf 'device,title,rank,Rank\\nbox-1,t1,1,1\\n' > in.csv",
            "in.csv:1:4: error: columns 3 and 4 are both named 'rank' [E_HEADER_TWICE]"),
        raw(
            "no header", "printf 'box-1,t1,1\\n' > in.csv",
            "in.csv:1: error: the first line names no column of a table of wishes"),
        raw(
            "a feed in place of a table", "cp $feeds/native/full.xml in.csv",
            "in.csv:1: error: the file is XML, not a table"),
        raw("not there", "rm -f in.csv", "cannot read 'in.csv': No such file or directory"),
    ]

    /// Sites that are no tree: no row of them is wrong alone.
    static let noTrees: [BadInput] = [
        rows(
            "two roots", "sites", ["root,", "north,root", "other,"], status: 1,
            "in.csv:4: error: the sites 'other' and 'root' are both without a parent [E_SITE_TREE]"
        ),
        rows(
            "a root beside the known one", "sites", ["other,"], status: 1,
            "in.csv:2: error: the sites 'other' and 'root' are both without a parent [E_SITE_TREE]"
        ),
        rows(
            "a cycle", "sites", ["root,", "north,south", "south,north"], status: 1,
            "in.csv:4: error: sites are their own ancestors: north in south in north [E_SITE_TREE]"
        ),
        rows(
            "an unknown parent", "sites", ["root,", "north,moon"], status: 1,
            "in.csv:3: error: site 'north' names the parent 'moon', which is no site"),
        rows(
            "a cycle that takes the root in", "sites", ["root,leaf"], status: 1,
            "in.csv:2: error: "),
    ]

    /// Feeds that are refused as a whole.
    static let feeds: [BadInput] = [
        feed("an empty feed", "xml/empty.xml", "in.xml: error: the file is empty [E_EMPTY]"),
        feed("an XML bomb", "xml/bomb.xml", "in.xml:2: error: the document declares the entity"),
        feed(
            "an external entity", "xml/external-entity.xml",
            "in.xml:2: error: the document declares the entity 'secret' [E_XML_DECLARATION]"),
        feed(
            "a parameter entity", "xml/parameter-entity.xml",
            "in.xml:2: error: the document declares the entity 'more'"),
        feed(
            "an entity that an unread DTD would define", "xml/entity-of-an-unread-dtd.xml",
            "in.xml:3:34: error: ", "Entity 'eacute' not defined [E_XML_ENTITY]"),
        feed(
            "an attribute that an unread DTD would set", "xml/default-attribute.xml",
            "in.xml:2: error: the document declares the default for attribute 'verb'"),
        feed("a truncated feed", "native/truncated.xml", "in.xml:"),
        feed("a truncated package", "adi/truncated.xml", "in.xml:"),
        feed(
            "a truncated gzip feed", "xml/gzip-truncated.xml",
            "in.xml: error: the compressed file stops before its end [E_TRUNCATED]"),
        feed(
            "Latin-1 that says it is UTF-8", "xml/latin-1-undeclared.xml",
            "in.xml:3:23: error: ", "not proper UTF-8"),
        feed(
            "bad bytes after a mark", "xml/mark-and-bad-bytes.xml", "in.xml:3:23: error: "),
        feed(
            "a template with placeholders", "adi/template.xml",
            "in.xml:15:7: error: '%title%' is a placeholder"),
        feed(
            "a template with other placeholders", "adi/template-dollar.xml",
            "in.xml:15:7: error: '${title}' is a placeholder"),
        feed("a template of the native format", "native/template.xml", "is a placeholder"),
        feed("nested without end", "xml/deep.xml", "in.xml:3:1513: error: more than 64 elements"),
        feed("another format", "xml/rss.xml", "in.xml:1:1: error: documents with the root 'rss'"),
    ]
}

// Rows and titles that are turned down: more of them than the limits allow.

extension BadInput {
    static let rejected: [BadInput] = [
        raw(
            "a row in another encoding",
            "printf 'device,title,rank\\nbox-1,caf\\351,1\\n' > in.csv",
            "in.csv:2: error: the row isn't UTF-8 [E_UTF8]", status: 3),
        rows(
            "ragged rows", "wishes", ["box-1,t1", "box-1,t1,1,x", "box-1,t2,2"],
            "in.csv:2: error: the row has 2 fields, the header 3 [E_FIELDS]",
            "in.csv:3: error: the row has 4 fields, the header 3 [E_FIELDS]"),
        rows(
            "a stray quote", "wishes", [#"box-1,t"1,1"#, #"box-1,"t"1,2"#, "box-1,t1,3"],
            "in.csv:2:2: error: a quote inside a field that isn't quoted [E_QUOTE]",
            "in.csv:3:2: error: something between a closing quote and the end of the field"),
        rows(
            "a quote that is never closed", "wishes", [#"box-1,"t1,1"#, "box-2,t1,1"],
            "in.csv:2"),
        raw(
            "a huge field",
            "{ echo device,title,rank; printf box-1,; head -c 3000000 /dev/zero | tr '\\0' x;"
                + " echo ,1; echo box-2,t1,1; } > in.csv", "in.csv:2: error: ", status: 3),
        raw(
            "a huge quoted field",
            "{ echo device,title,rank; printf 'box-1,\"'; head -c 1500000 /dev/zero"
                + " | tr '\\0' x; echo '\",1'; echo box-2,t1,1; } > in.csv",
            "in.csv:2", status: 3),
        rows(
            "negative and overflowing numbers", "devices",
            [
                "n1,a1,leaf,-1,1,1,1", "n2,a1,leaf,1,9223372036854775808,1,1",
                "n3,a1,leaf,1,1,99999999999999999999,1", "n4,a1,leaf,1,1,1,1.5",
            ], "in.csv:2:4: error: 'wish_bytes' is '-1', outside 0 to ",
            "in.csv:3:5: error: 'cache_bytes' is '9223372036854775808', outside 0 to ",
            "in.csv:4:6: error: 'up_kbps' is '99999999999999999999', outside 0 to ",
            "in.csv:5:7: error: 'down_kbps' is '1.5', not a whole number"),
        rows(
            "overflowing numbers of sites", "sites", ["root,", "north,root"].map { $0 + ",-5" },
            "in.csv:2: error: the row has 3 fields"),
        rows(
            "unknown sites and accounts", "devices",
            ["n1,a1,moon,1,1,1,1", "n2,nobody,leaf,1,1,1,1"],
            "in.csv:2: error: no site 'moon' is known [E_UNKNOWN_SITE]",
            "in.csv:3: error: no account 'nobody' is known [E_UNKNOWN_ACCOUNT]"),
        rows(
            "an unknown device", "holdings", ["box-x,t1,0-3"],
            "in.csv:2: error: no device 'box-x' is known [E_UNKNOWN_DEVICE]"),
        rows(
            "the site of an origin unknown", "origins", ["o,moon,1,http://o/"],
            "in.csv:2: error: no site 'moon' is known"),
        rows(
            "chunks that are none", "holdings", ["box-1,t1,5-4", "box-1,t1,0-2147483647"],
            "in.csv:2:3: error: 'chunks' is '5-4', not chunk ranges [E_CHUNKS]", "in.csv:3:3: "),
        rows(
            "a link to its own beginning", "links", ["box-1,box-1,1"],
            "in.csv:2:2: error: 'to' is the end that the link begins at [E_LINK]"),
        rows(
            "a word that is none", "accounts", ["a9,gone"],
            "in.csv:2:2: error: 'status' is 'gone' [E_WORD]"),
        feed(
            "a licence that ends before it starts", "adi/window-end-before-start.xml", status: 3,
            "in.xml:19:7: error: the licence ends at ", "not after its start"),
        feed(
            "a negative size", "adi/size-negative.xml", status: 3,
            "in.xml:27:7: error: the size '-1' isn't a whole number of bytes"),
        feed(
            "an overflowing size", "adi/size-overflowing.xml", status: 3,
            "in.xml:27:7: error: the size '99999999999999999999' isn't a whole number of bytes"),
        feed(
            "a native feed of bad values", "native/bad-values.xml", status: 3,
            "in.xml:5:3: error: 'major' is '-1'", "in.xml:14:27: error: the licence ends at "),
    ]
}
