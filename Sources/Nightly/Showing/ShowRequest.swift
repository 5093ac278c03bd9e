package import Quantities
package import Schedule

/// The tables that can be looked at, by the names that people type.
package enum ShownTable: String, Hashable, Sendable, CaseIterable {
    case titles
    case items
    case sites
    case origins
    case accounts
    case devices
    case holdings
    case wishes
    case links
    case imports
    case nights
    /// A plan by device: what each receives, sends, removes and is served.
    case plan
    case transfers
    case removals
    case outcomes
    /// The configuration.
    case settings
}

/// What narrows a table down.
package enum ShowFilter: String, Hashable, Sendable, CaseIterable {
    case device
    case account
    case site
    case title
    case night
    case cause
}

extension ShownTable {
    /// Which filters mean something here, in the order in which they are told.
    package var filters: [ShowFilter] {
        switch self {
        case .titles, .items: [.title]
        case .sites, .origins: [.site]
        case .accounts: [.account]
        case .devices: [.device, .account, .site]
        case .holdings, .wishes: [.device, .title]
        case .links: [.device, .site]
        case .imports, .settings: []
        case .nights: [.night]
        case .plan: [.night, .device]
        case .transfers, .removals: [.night, .device, .title]
        case .outcomes: [.night, .device, .title, .cause]
        }
    }
}

/// Which rows are asked for; nil: all.
package struct ShowRequest: Hashable, Sendable {
    /// Of a plan's transfers: either end.
    package var device: String?
    /// Of devices: whose they are.
    package var account: String?
    /// Of links: either end; else this site and all below it.
    package var site: String?
    /// Any identifier that the catalogue knows; of a plan, the one that the plan has.
    package var title: String?
    /// Of a plan, nil is the newest night that has one.
    package var night: CivilDate?
    /// Of outcomes: why not all of it comes.
    package var cause: Cause?

    package init(
        device: String? = nil, account: String? = nil, site: String? = nil, title: String? = nil,
        night: CivilDate? = nil, cause: Cause? = nil
    ) {
        self.device = device
        self.account = account
        self.site = site
        self.title = title
        self.night = night
        self.cause = cause
    }

    /// The filters that are stated.
    package var stated: [ShowFilter] {
        ShowFilter.allCases.filter { filter in
            switch filter {
            case .device: device != nil
            case .account: account != nil
            case .site: site != nil
            case .title: title != nil
            case .night: night != nil
            case .cause: cause != nil
            }
        }
    }
}

extension String {
    /// Whether all bytes are the same; `==` takes canonically equivalent texts for equal.
    func isExactly(_ other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
