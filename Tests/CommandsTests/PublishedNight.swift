import Foundation
import Testing

/// What lies in `published/current`, looked at with nothing but files, JSON and minisign.
struct PublishedNight: Hashable {
    /// Counts publications.
    var sequence: Int
    /// Digest of the plan, in hexadecimal.
    var plan: String
    /// How many manifests there are.
    var manifests: Int
    /// The folder's name.
    var folder: String

    /// Reads and checks it.
    ///
    /// - Throws: when it isn't whole: a link that leads nowhere, a manifest without a signature or
    ///   a signature that is wrong, manifests of two publications.
    init(_ scenario: Scenario) throws {
        folder = try scenario.current
        #expect(!folder.contains("/") && !folder.hasSuffix(".new"))
        let root = "w/published/current"
        let publication = try PublishedNight.object(scenario.bytes("\(root)/publication.json"))
        sequence = try #require(publication["sequence"] as? Int)
        plan = try #require(publication["plan"] as? String)
        let names = try scenario.paths(below: root).filter { $0 != "publication.json" }
        let manifests = names.filter { $0.hasSuffix(".json") }
        self.manifests = manifests.count
        #expect(!manifests.isEmpty)
        #expect(names == (manifests + manifests.map { $0 + ".minisig" }).sorted())
        for name in manifests {
            let manifest = try PublishedNight.object(scenario.bytes("\(root)/\(name)"))
            #expect(manifest["plan"] as? String == plan, "\(name) is of another plan")
            #expect(manifest["sequence"] as? Int == sequence)
            #expect(manifest["night"] as? String == publication["night"] as? String)
            let device = try #require(manifest["device"] as? String)
            #expect(name.hasSuffix("/\(device).json"))
        }
        guard isInstalled("minisign") else { return }
        try scenario.succeed(
            """
            cd \(root) && for m in */*.json; do
                minisign -q -Vm $m -p ../../keys/manifest.pub || exit
            done
            """)
    }

    private static func object(_ bytes: [UInt8]) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
    }
}
