import Quantities

/// Who holds which chunk, and who receives it in the present slot.
struct Copies {
    /// Per item: where its chunks begin in the sets; -1 for one that isn't asked for.
    private(set) var offset: [Int]
    /// Per chunk: devices that may send it in the present slot.
    private(set) var held: DeviceSets
    /// Per chunk: those, and the ones that may send it from the next slot on.
    private(set) var due: DeviceSets
    /// What became due in this slot.
    private var fresh: [(chunk: Int, device: Int)] = []

    /// `unsent`: per holding, whether it may be removed tonight and so isn't counted on.
    init(_ problem: Problem, items: [Int], unsent: [Bool]) {
        offset = [Int](repeating: -1, count: problem.items.licence.count)
        var count = 0
        for i in items {
            offset[i] = count
            count += Int(problem.items.chunkCount[i])
        }
        held = DeviceSets(count: count, devices: problem.devices.count)
        for i in items where problem.items.peerToPeer[i] {
            for place in problem.dusk.supplies(of: i) {
                let supply = problem.dusk.supplies[place]
                guard !unsent[Int(supply.holding)] else { continue }
                let chunks = problem.dusk.chunks(Int(supply.holding), items: problem.items)
                for range in chunks.ranges {
                    for c in range { held.insert(Int(supply.device), offset[i] + Int(c)) }
                }
            }
        }
        due = held
    }

    mutating func receive(_ device: Int, _ chunk: Int) {
        due.insert(device, chunk)
        fresh.append((chunk, device))
    }

    /// Ends a slot: what was received can be sent.
    mutating func settle() {
        for entry in fresh { held.insert(entry.device, entry.chunk) }
        fresh.removeAll(keepingCapacity: true)
    }
}
