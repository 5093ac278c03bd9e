import Content
import Quantities
import Testing

@Suite struct DigestStreamTests {
    @Test func `SHA-256 gives the digests of FIPS 180-4, however the bytes come`() {
        let text = Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8)
        let expected = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        for cut in text.indices {
            var stream = SHA256Stream()
            stream.add(text[..<cut])
            _ = stream.digest
            stream.add(text[cut...])
            #expect(stream.digest.hex == expected)
        }
        #expect(
            SHA256Stream().digest.hex
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"),
        ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ])
    func `MD5 gives the digests of RFC 1321`(text: String, expected: String) {
        var stream = MD5Stream()
        for byte in text.utf8 { stream.add([byte]) }
        #expect(stream.hex == expected)
    }
}
