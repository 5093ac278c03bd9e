import Catalogue
import Fleet
package import Quantities
package import Schedule

/// Tells why a title comes to a device tonight, from whom, or why not.
package enum ExplainWish {
    /// One stretch of transfers from one source in one slot.
    package struct Step: Hashable, Sendable {
        package var starts: Instant
        package var ends: Instant
        /// The source's identifier.
        package var source: String
        package var isOrigin: Bool
        /// Chunk numbers.
        package var chunks: RangeSet32
        /// Of these chunks.
        package var bytes: Int64
        /// Whether the device opens the connection, or waits for the source to open it.
        package var deviceConnects: Bool
    }

    /// What the plan has for one device and title.
    package struct Answer: Hashable, Sendable {
        package var night: Night
        package var device: String
        package var title: String
        /// Nil: the wish isn't open: the device doesn't want it, or holds it all.
        package var outcome: Outcome?
        /// What arrives, by slot; also what the device relays without wanting it.
        package var steps: [Step]
        /// Open wishes of the device that are wanted more.
        package var before: Int
        /// How many of them come whole.
        package var beforeServed: Int
        /// Open wishes of other devices for the title.
        package var others: Int
        /// How many of them come whole.
        package var othersServed: Int
    }

    /// Looks into the plan of `date`.
    ///
    /// - Parameters:
    ///   - device: its identifier.
    ///   - title: its identifier in the catalogue.
    ///   - date: the night.
    ///   - workspace: of the plan.
    /// - Throws: of kind `usage` when the plan knows no such device or title.
    /// - Returns: what the plan says.
    package static func run(
        device: String, title: String, of date: CivilDate, in workspace: Workspace
    ) throws(NightlyError) -> Answer {
        let kept = try KeptPlan(date, in: workspace)
        let names = kept.document.names
        guard let d = position(of: device, in: names.devices) else {
            throw NightlyError(.usage, "the plan for \(date) knows no device '\(device)'")
        }
        guard let t = position(of: title, in: names.titles) else {
            throw NightlyError(
                .usage, "the plan for \(date) knows no title '\(title)'",
                hint: "nobody holds it or wishes for it; titles go by their identifiers")
        }
        return answer(kept, Int32(d), Int32(t))
    }

    /// Identifiers are equal when their bytes are; Swift's `==` takes more for equal.
    private static func position(of name: String, in names: [String]) -> Int? {
        names.firstIndex { $0.utf8.elementsEqual(name.utf8) }
    }

    private static func answer(_ kept: KeptPlan, _ device: Int32, _ title: Int32) -> Answer {
        let plan = kept.document.plan
        let own = plan.outcomes.filter { $0.device == device }
        let position = own.firstIndex { $0.title == title }
        let before = own[..<(position ?? 0)]
        let others = plan.outcomes.filter { $0.title == title && $0.device != device }
        return Answer(
            night: plan.night, device: kept.document.names.devices[Int(device)],
            title: kept.document.names.titles[Int(title)], outcome: position.map { own[$0] },
            steps: steps(kept, device, title), before: before.count,
            beforeServed: before.count { $0.cause == nil }, others: others.count,
            othersServed: others.count { $0.cause == nil })
    }

    private static func steps(_ kept: KeptPlan, _ device: Int32, _ title: Int32) -> [Step] {
        let plan = kept.document.plan
        let names = kept.document.names
        let catalogue = kept.catalogue
        var steps: [Step] = []
        var last: (slot: Int32, source: Source)?
        for transfer in plan.transfers
        where transfer.destination == device && names.items[Int(transfer.item)].title == title {
            let bytes = catalogue.items[Int(transfer.item)].layout.bytes(in: transfer.chunks)
            if let last, last == (transfer.slot, transfer.source) {
                let chunks = steps[steps.count - 1].chunks
                steps[steps.count - 1].chunks = chunks.union(RangeSet32(transfer.chunks))
                steps[steps.count - 1].bytes += bytes
                continue
            }
            last = (transfer.slot, transfer.source)
            let origin = transfer.source.origin
            steps.append(
                Step(
                    starts: plan.night.start(ofSlot: transfer.slot),
                    ends: plan.night.start(ofSlot: transfer.slot + 1),
                    source: origin.map { names.origins[Int($0)] }
                        ?? names.devices[Int(transfer.source.raw)], isOrigin: origin != nil,
                    chunks: RangeSet32(transfer.chunks), bytes: bytes,
                    deviceConnects: transfer.initiator == .destination))
        }
        return steps
    }
}
