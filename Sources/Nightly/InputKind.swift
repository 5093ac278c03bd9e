/// What can be imported: the catalogue's feeds and the tables of the fleet.
package enum InputKind: String, Hashable, Sendable, CaseIterable {
    case catalogue
    case sites
    case origins
    case accounts
    case devices
    case holdings
    case wishes
    case links

    /// What its records are called in messages.
    package var recordWord: String { self == .catalogue ? "titles" : "rows" }
}
