import Audit
import Schedule
import TestSupport
import Testing

/// A night that is changed by hand: inputs and moves, round which the rest of the plan is made
/// anew.
struct Draft {
    var one = Village.instance
    var transfers = Village.transfers
    var removals = Village.removals

    /// Position of the transfer to a device of an item in a slot.
    func index(to device: Int32, _ item: Int32, slot: Int32) -> Int {
        transfers.firstIndex { $0.destination == device && $0.item == item && $0.slot == slot }
            ?? transfers.count
    }

    mutating func change(
        to device: Int32, _ item: Int32, slot: Int32, _ body: (inout Transfer) -> Void
    ) {
        body(&transfers[index(to: device, item, slot: slot)])
    }

    var plan: Plan { NaiveModel(one).plan(transfers, removals) }

    func report(_ edit: (inout Plan) -> Void = { _ in }) -> AuditReport {
        var plan = self.plan
        edit(&plan)
        return audit(plan, catalogue: one.catalogue, fleet: one.fleet, settings: one.settings)
    }
}

/// One way to break one rule, and words that the message must hold.
struct Mutation: Sendable, CustomTestStringConvertible {
    let rule: AuditFinding.Rule
    let name: String
    let words: [String]
    let change: @Sendable (inout Draft) -> Void

    init(
        _ rule: AuditFinding.Rule, _ name: String, _ words: [String],
        _ change: @escaping @Sendable (inout Draft) -> Void
    ) {
        self.rule = rule
        self.name = name
        self.words = words
        self.change = change
    }

    var testDescription: String { "\(rule.rawValue): \(name)" }
}
