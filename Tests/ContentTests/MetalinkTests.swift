import Content
import Foundation
import Quantities
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite struct MetalinkTests {
    @Test func `an item of one file has pieces`() {
        var index = exampleIndex()
        index.files.removeLast()
        index.chunks.removeLast()
        let file = Metalink.File(
            key: "example.com~2FALPHA@2", index: index,
            baseURLs: ["https://a.example/o", "http://b"])
        let text = String(decoding: Metalink(files: [file]).xml, as: UTF8.self)
        #expect(
            text == """
                <?xml version="1.0" encoding="UTF-8"?>
                <metalink xmlns="urn:ietf:params:xml:ns:metalink">
                  <generator>mediaplan</generator>
                  <file name="example.com~2FALPHA@2">
                    <identity>example.com/ALPHA</identity>
                    <version>2</version>
                    <size>250</size>
                    <hash type="sha-256">\(digest(7).hex)</hash>
                    <pieces length="100" type="sha-256">
                      <hash>\(digest(0).hex)</hash>
                      <hash>\(digest(1).hex)</hash>
                      <hash>\(digest(2).hex)</hash>
                    </pieces>
                    <url priority="1">https://a.example/o/blobs/\(digest(7).hex)</url>
                    <url priority="2">http://b/blobs/\(digest(7).hex)</url>
                  </file>
                </metalink>

                """)
    }

    @Test func `pieces are left out where a file ends inside the item with a short chunk`() {
        #expect(exampleIndex().pieces == nil)
        var index = exampleIndex()
        index.files[0] = StoredFile(name: "a", kind: "", plainBytes: 216, storedBytes: 300)
        #expect(index.pieces?.digests == index.chunks)
        index.files.reverse()
        #expect(index.pieces == nil)
    }

    @Test func `without origins the address is relative`() {
        let file = Metalink.File(key: "k@1", index: exampleIndex(), baseURLs: [])
        #expect(file.urls == ["blobs/\(digest(7).hex)"])
    }

    @Test func `whatever a title is called, the text is XML that says so`() throws {
        for title in ["<&>\"'", "]]>", "a\u{1}b\u{FFFF}", "&amp;", "\u{1F600}\u{7F}"] {
            let file = Metalink.File(
                name: "k@1", identity: title, sizeBytes: 1, sha256: digest(1), urls: ["u"])
            let document = try XMLDocument(data: Data(Metalink(files: [file]).xml))
            let found = try document.nodes(forXPath: "//*[local-name()='identity']")
            let expected = title.unicodeScalars.map {
                ["\u{1}", "\u{7F}", "\u{FFFF}"].contains($0) ? "\u{FFFD}" : String($0)
            }.joined()
            #expect(found.map(\.stringValue) == [expected])
        }
    }
}
