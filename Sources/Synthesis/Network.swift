import Quantities

/// Four levels of sites: the root, regions, POPs, access nodes. Boxes are numbered through the
/// access nodes.
struct Network: Sendable {
    struct Region: Sendable {
        var id: String
        var territory: String
        var timezone: String
    }

    /// By size of the fleet the first three to nine of these.
    private static let allRegions = [
        Region(id: "de-north", territory: "DE", timezone: "Europe/Berlin"),
        Region(id: "pt-south", territory: "PT", timezone: "Europe/Lisbon"),
        Region(id: "fi-south", territory: "FI", timezone: "Europe/Helsinki"),
        Region(id: "de-south", territory: "DE", timezone: "Europe/Berlin"),
        Region(id: "pt-north", territory: "PT", timezone: "Europe/Lisbon"),
        Region(id: "fi-west", territory: "FI", timezone: "Europe/Helsinki"),
        Region(id: "de-west", territory: "DE", timezone: "Europe/Berlin"),
        Region(id: "de-east", territory: "DE", timezone: "Europe/Berlin"),
        Region(id: "fi-north", territory: "FI", timezone: "Europe/Helsinki"),
    ]

    let regions: [Region]
    let popCount: Int
    /// The first box of each access node; one entry more than nodes.
    let firstBox: [Int]
    /// Boxes below each POP.
    let boxesBelowPOP: [Int]

    var nodeCount: Int { firstBox.count - 1 }

    init(deviceCount: Int, seed: UInt64) {
        let regionCount = min(Network.allRegions.count, max(3, deviceCount / 1200))
        regions = Array(Network.allRegions[..<regionCount])
        firstBox = Network.nodes(deviceCount: deviceCount, seed: seed)
        popCount = max(regionCount, (firstBox.count - 1) / Parameters.nodesPerPOP)
        var boxes = [Int](repeating: 0, count: popCount)
        for node in 0..<(firstBox.count - 1) {
            boxes[node * popCount / (firstBox.count - 1)] += firstBox[node + 1] - firstBox[node]
        }
        boxesBelowPOP = boxes
    }

    /// Nodes of 50 to 200 boxes; a fleet of fewer than 600 is spread evenly over three.
    private static func nodes(deviceCount: Int, seed: UInt64) -> [Int] {
        guard deviceCount >= 600 else { return (0...3).map { $0 * deviceCount / 3 } }
        var first = [0]
        var random = SplitMix64(seed: seed, .node, 0)
        while first[first.count - 1] < deviceCount {
            let next = first[first.count - 1] + Int(random.within(Parameters.nodeBoxes))
            first.append(deviceCount - next < 50 ? deviceCount : next)
        }
        return first
    }

    func node(ofBox box: Int) -> Int {
        var lower = 0
        var upper = nodeCount - 1
        while lower < upper {
            let middle = (lower + upper + 1) / 2
            if firstBox[middle] <= box { lower = middle } else { upper = middle - 1 }
        }
        return lower
    }

    func pop(ofNode node: Int) -> Int { node * popCount / nodeCount }
    func region(ofPOP pop: Int) -> Int { pop * regions.count / popCount }
    func region(ofBox box: Int) -> Int { region(ofPOP: pop(ofNode: node(ofBox: box))) }

    func popID(_ pop: Int) -> String {
        regions[region(ofPOP: pop)].id + "-pop" + String(pop + 1, width: 3)
    }

    func nodeID(_ node: Int) -> String {
        popID(pop(ofNode: node)) + "-an" + String(node + 1, width: 5)
    }

    /// The address of a box: its node's block is a /24.
    func address(ofBox box: Int, node: Int) -> String {
        "\(block(ofNode: node)).\(box - firstBox[node] + 1)"
    }

    /// The first three numbers of the addresses at a node.
    func block(ofNode node: Int) -> String { "10.\(node / 256).\(node % 256)" }
}
