/// One breach of a rule, as the audit found it.
package struct AuditFinding: Hashable, Sendable {
    /// The rules of the model, by number and name.
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        case rates = "1 rates"
        case cause = "2 cause before effect"
        case storage = "3 storage"
        case eligibility = "4 eligibility"
        case reachability = "5 reachability"
        case weakBoxes = "6 weak boxes"
        case nothingTwice = "7 nothing twice"
        /// At most one wished item of a device stays incomplete; an item without an index isn't
        /// sent; the plan's own order, ranges and figures.
        case form = "form"
    }

    package var rule: Rule
    /// One sentence that names the device, item and slot.
    package var message: String

    package init(_ rule: Rule, _ message: String) {
        self.rule = rule
        self.message = message
    }
}

/// What an auditor, or the planner, says a plan is worth.
package struct Figures: Hashable, Sendable {
    /// Value of all that arrives for wishes, in millionths.
    package var value: Int64
    /// Whole value of every open eligible wish, in millionths.
    package var wishedValue: Int64
    /// The objective: value − α · origin − β · cost, in millionths, rounded down.
    package var objective: Int64
    /// Upper bound on the objective, in millionths.
    package var bound: Int64
    /// Bytes sent by origins.
    package var originBytes: Int64
    /// Bytes sent by devices.
    package var peerBytes: Int64
    /// Carried cost in millionths of the currency, rounded down.
    package var carriedCost: Int64
    /// A floor on ``originBytes`` for what this plan delivers: bytes that no device that may send
    /// held at dusk.
    package var originFloorBytes: Int64
    /// End of the last slot in which anything moves, counted in slots from the night's first; 0
    /// when nothing does.
    package var finishSlot: Int32
    /// Open wishes that come whole.
    package var servedWishes: Int32
    /// Open wishes of which some of the missing bytes come.
    package var partWishes: Int32
    /// Open wishes of which nothing comes.
    package var unservedWishes: Int32

    package init(
        value: Int64 = 0, wishedValue: Int64 = 0, objective: Int64 = 0, bound: Int64 = 0,
        originBytes: Int64 = 0,
        peerBytes: Int64 = 0, carriedCost: Int64 = 0, originFloorBytes: Int64 = 0,
        finishSlot: Int32 = 0,
        servedWishes: Int32 = 0, partWishes: Int32 = 0, unservedWishes: Int32 = 0
    ) {
        self.value = value
        self.wishedValue = wishedValue
        self.objective = objective
        self.bound = bound
        self.originBytes = originBytes
        self.peerBytes = peerBytes
        self.carriedCost = carriedCost
        self.originFloorBytes = originFloorBytes
        self.finishSlot = finishSlot
        self.servedWishes = servedWishes
        self.partWishes = partWishes
        self.unservedWishes = unservedWishes
    }
}
