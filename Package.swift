// swift-tools-version: 6.2
import PackageDescription

// The architecture, read upwards: a module may import only what stands beside
// its name here, and `Tests/ArchitectureTests` holds every import to it.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Without the optimiser these are a hundred times slower, so that debug builds have it too.
let searching: Set = ["Planner", "Audit"]

/// No I/O, no clock, no entropy: these take values and return values.
func pure(_ name: String, _ imports: Target.Dependency...) -> Target {
    let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]
    return .target(
        name: name, dependencies: imports,
        swiftSettings: strict + [.strictMemorySafety()]
            + (searching.contains(name) ? optimised : []))
}

/// May touch files, the clock, the database and the terminal.
func edge(_ name: String, _ imports: Target.Dependency...) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: strict)
}

func tests(_ name: String, _ imports: Target.Dependency...) -> Target {
    .testTarget(name: name, dependencies: imports, swiftSettings: strict)
}

/// What several test targets share.
func support(_ name: String, _ imports: Target.Dependency...) -> Target {
    .target(name: name, dependencies: imports, path: "Tests/Support", swiftSettings: strict)
}

let argumentParser = Target.Dependency.product(
    name: "ArgumentParser", package: "swift-argument-parser")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "mediaplan",
    products: [
        .executable(name: "mediaplan", targets: ["mediaplan"]),
        .executable(name: "mediaplan-agent", targets: ["mediaplan-agent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // vocabulary
        pure("Quantities"),
        // values
        pure("Catalogue", "Quantities"),
        pure("Fleet", "Quantities"),
        pure("CanonicalJSON", "Quantities"),
        pure("Content", "Quantities", "Catalogue", "CanonicalJSON", crypto),
        pure("Schedule", "Quantities"),
        // domain
        pure("Feeds", "Quantities", "Catalogue", "Fleet", "CLibXML2", "CZlib", "CZstd"),
        pure("Planner", "Quantities", "Catalogue", "Fleet", "Schedule"),
        pure("Audit", "Quantities", "Catalogue", "Fleet", "Schedule"),
        pure(
            "Manifest", "Quantities", "Catalogue", "Fleet", "Schedule", "CanonicalJSON", "Content",
            crypto),
        pure("Delivery", "Quantities", "Catalogue", "Content", "Manifest"),
        pure("Synthesis", "Quantities"),
        // edges
        edge("Store", "Quantities", "Catalogue", "Fleet", "Schedule", grdb),
        edge("Transport", "Quantities", "CLinuxEvents"),
        edge(
            "Agent", "Quantities", "Catalogue", "CanonicalJSON", "Content", "Manifest", "Delivery",
            "Transport", crypto),
        // compose
        edge(
            "Nightly", "Quantities", "Catalogue", "Fleet", "Schedule", "Feeds", "Planner", "Audit",
            "CanonicalJSON", "Content", "Manifest", "Synthesis", "Store", crypto, yams),
        // talk
        edge("Console", "Quantities"),
        edge(
            "Commands", "Quantities", "Catalogue", "Fleet", "Schedule", "Nightly", "Store",
            "Console", argumentParser),
        // programs
        .executableTarget(name: "mediaplan", dependencies: ["Commands"], swiftSettings: strict),
        .executableTarget(
            name: "mediaplan-agent",
            dependencies: ["Quantities", "Agent", "Transport", "Console", argumentParser],
            swiftSettings: strict),
        // C libraries of the system
        .systemLibrary(name: "CLinuxEvents"),
        .systemLibrary(
            name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        // tests
        support("TestSupport", "Quantities", "Catalogue", "Fleet", "Schedule"),
        tests("QuantitiesTests", "Quantities"),
        tests("CanonicalJSONTests", "Quantities", "CanonicalJSON", "TestSupport"),
        tests("ContentTests", "Quantities", "Catalogue", "Content", "TestSupport", crypto),
        tests(
            "DeliveryTests", "Quantities", "Catalogue", "Fleet", "Schedule", "Content", "Manifest",
            "Delivery", "TestSupport", crypto),
        tests("TransportTests", "Quantities", "Transport", "TestSupport"),
        tests(
            "AgentTests", "Quantities", "Catalogue", "Content", "Manifest", "Delivery", "Transport",
            "Agent", "mediaplan-agent", "TestSupport", crypto),
        tests("FleetTests", "Quantities", "Fleet"),
        tests("CatalogueTests", "Quantities", "Catalogue"),
        tests("ScheduleTests", "Quantities", "Schedule", "TestSupport"),
        tests("FeedsTests", "Quantities", "Catalogue", "Fleet", "Feeds", "TestSupport"),
        tests("AuditTests", "Quantities", "Catalogue", "Fleet", "Schedule", "Audit", "TestSupport"),
        tests(
            "PlannerTests", "Quantities", "Catalogue", "Fleet", "Schedule", "Audit", "Planner",
            "TestSupport"),
        tests(
            "ManifestTests", "Quantities", "Catalogue", "Fleet", "Schedule", "Content", "Manifest",
            "TestSupport", crypto),
        tests(
            "SynthesisTests", "Quantities", "Catalogue", "Fleet", "Feeds", "Synthesis",
            "TestSupport"),
        tests(
            "StoreTests", "Quantities", "Catalogue", "Fleet", "Schedule", "Store", "TestSupport",
            grdb),
        tests(
            "NightlyTests", "Quantities", "Catalogue", "Fleet", "Schedule", "Content", "Feeds",
            "Manifest", "Store", "Nightly", "TestSupport"),
        tests(
            "CommandsTests", "Quantities", "Schedule", "Console", "Commands", "mediaplan",
            "TestSupport"),
        tests("EmulatedNightTests", "mediaplan", "mediaplan-agent", "TestSupport"),
        tests("ArchitectureTests", "TestSupport"),
    ],
    swiftLanguageModes: [.v6]
)
