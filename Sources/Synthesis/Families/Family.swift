/// A kind of fleet on which a planner loses that takes one wish after the other, or asks the
/// nearest first.
package enum Family: String, CaseIterable, Sendable {
    /// A slow uplink alone holds a title, and also holds what many others could send.
    case soleHolder = "sole-holder"
    /// Three shifts: the first holds all, the last wants it, only the middle one meets both.
    case hops
    /// Each title is at home in one site, is wanted in the others, and their edges are narrow.
    case edges
    /// Nobody holds what most want.
    case premieres
    /// No title has more than three holders.
    case cold
    /// Disks are nearly full, mostly of bought titles; what could be removed is what others want.
    case storage
    /// Two shifts that share one slot in seven; each mostly wants what the other holds.
    case windows
    /// A few uplinks carry nearly all.
    case skewed
    /// All boxes are at one site.
    case oneSite = "one-site"
    /// Half of the titles may come from an origin only.
    case barred
}
