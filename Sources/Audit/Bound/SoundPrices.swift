import Fleet
import Quantities
import Schedule

/// A plan's prices, made such that they prove a bound whatever the plan states.
///
/// Prices that aren't allowed are reported and taken as the nearest that is.
struct SoundPrices {
    /// The largest price of anything.
    static let limit: Int64 = 1 << 62

    let up: [Int64]
    let egress: [Int64]
    let edgeUp: [Int64]
    let edgeDown: [Int64]
    /// Multipliers in range, by device, then item; whether they are allowed is for the bound to
    /// say.
    let firstCopy: [FirstCopy]

    init(_ certificate: Certificate, _ ground: Ground, _ findings: inout Findings) {
        checkRates(certificate, ground, &findings)
        let prices = certificate.prices
        let fleet = ground.fleet
        up = sound(prices.up, fleet.devices.map { _ in true }, &findings) {
            "upload of \($0.device(Int32($1)))"
        }
        egress = sound(prices.egress, fleet.origins.map { _ in true }, &findings) {
            "egress of \($0.origin(Int32($1)))"
        }
        edgeUp = sound(prices.edgeUp, fleet.sites.map { $0.upKbps != nil }, &findings) {
            "upward edge of \($0.site($1))"
        }
        edgeDown = sound(prices.edgeDown, fleet.sites.map { $0.downKbps != nil }, &findings) {
            "downward edge of \($0.site($1))"
        }
        firstCopy = sound(prices.firstCopy, ground, &findings)
    }
}

/// The certificate is for the rates of the settings' profile.
private func checkRates(
    _ certificate: Certificate, _ ground: Ground, _ findings: inout Findings
) {
    let profile = ground.settings.profile
    guard certificate.alpha != profile.alpha || certificate.beta != profile.beta else { return }
    findings.add(.form) { _ in
        "the certificate is for alpha \(certificate.alpha) and beta \(certificate.beta), the "
            + "settings have \(profile.alpha) and \(profile.beta)"
    }
}

/// Prices of one kind, one for each of `mayHave`; where that is false the price must be 0.
private func sound(
    _ prices: [Int64], _ mayHave: [Bool], _ findings: inout Findings,
    _ name: (Names, Int) -> String
) -> [Int64] {
    if prices.count != mayHave.count {
        findings.add(.form) { names in
            mayHave.isEmpty
                ? "the certificate has \(prices.count) prices where there is nothing to price"
                : "the certificate has \(prices.count) prices from that of the \(name(names, 0)) on, "
                    + "there are \(mayHave.count) of that kind"
        }
    }
    return mayHave.indices.map { index in
        let price = index < prices.count ? prices[index] : 0
        if price < 0 || price > SoundPrices.limit {
            findings.add(.form) {
                "the price \(price) on the \(name($0, index)) is "
                    + (price < 0 ? "negative" : "above \(SoundPrices.limit)")
            }
        } else if price > 0, !mayHave[index] {
            findings.add(.form) {
                "there is a price \(price) on the \(name($0, index)), which has no capacity"
            }
        }
        return mayHave[index] ? min(max(price, 0), SoundPrices.limit) : 0
    }
}

/// Multipliers that name a device and an item and are in range, each once.
private func sound(_ multipliers: [FirstCopy], _ ground: Ground, _ findings: inout Findings)
    -> [FirstCopy]
{
    var kept: [FirstCopy] = []
    for one in multipliers {
        let exists =
            ground.fleet.devices.indices.contains(Int(one.device))
            && ground.layouts.indices.contains(Int(one.item))
        let isNext = kept.last.map { ($0.device, $0.item) < (one.device, one.item) } ?? true
        guard exists, isNext, (0...SoundPrices.limit).contains(one.price) else {
            findings.add(.form) {
                "the first-copy multiplier \(one.price) of \($0.device(one.device)) for "
                    + "\($0.item(one.item)) is out of range, out of order or there twice"
            }
            continue
        }
        kept.append(one)
    }
    return kept
}
