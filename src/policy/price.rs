//! The price of an option to the client, from the rate card: each line with what it rests on.

use super::{Policy, Rate};
use crate::calendar::Label;
use crate::model::quote::{ClientPrice, FirmPrice, PriceLine};
use crate::time::Money;

/// What is to be priced.
pub struct Asked<'a> {
    /// The services of its tickets, one each.
    pub services: &'a [&'a str],
    /// On the urgent track.
    pub urgent: bool,
    /// Of each service, where its surcharge is paid already, how many urgent services bought ahead
    /// are left (R099).
    pub included: &'a [Option<u32>],
    /// What it costs the firm.
    pub firm: &'a FirmPrice,
    /// Rows worked outside regular hours.
    pub overtime: Vec<Label>,
    /// Work that gives way.
    pub displaced: Vec<Label>,
    /// Tools that it uses.
    pub tools: Vec<Label>,
}

/// The price by the rate card: normal price, then a surcharge where the option is urgent, works
/// extra hours or moves others. A surcharge is the thousandths of the normal price on the urgent
/// track plus what is passed on, kept between the sums of floors and of ceilings.
///
/// What was bought ahead is the surcharge for urgency alone, and with it its floor (R099): the rate
/// card has no other price for being urgent. Overtime and displacement are costs of this one option,
/// which other options of the quote do not have, so they are passed on as ever, up to the ceiling.
///
/// # Errors
/// The first service that has no row on the rate card.
pub fn priced(policy: &Policy, asked: &Asked<'_>) -> Result<ClientPrice, String> {
    let rates: Vec<&Rate> = asked
        .services
        .iter()
        .map(|service| policy.rate(service).ok_or_else(|| (*service).to_owned()))
        .collect::<Result<_, _>>()?;
    let normal: i64 = rates.iter().map(|rate| rate.normal_fen.0).sum();
    let mut lines = vec![PriceLine {
        what: Label::new("按价目的正常价格", "normal price by the rate card"),
        amount_fen: normal,
        evidence: Vec::new(),
    }];
    lines.extend(paid_ahead(asked));
    let is_charged =
        |row: usize| !asked.urgent || asked.included.get(row).is_none_or(Option::is_none);
    let charged: Vec<&Rate> = rates
        .iter()
        .enumerate()
        .filter(|(row, _)| is_charged(*row))
        .map(|(_, rate)| *rate)
        .collect();
    let mut add = |amount: i64, zh: &str, en: &str, evidence: Vec<Label>| {
        if amount != 0 {
            lines.push(PriceLine { what: Label::new(zh, en), amount_fen: amount, evidence });
        }
        amount
    };
    let mut surcharge = 0;
    if asked.urgent {
        let own = |rate: &&Rate| rate.normal_fen.scaled_up(rate.surcharge_permille.into(), 1000).0;
        let evidence = asked.overtime.iter().chain(&asked.displaced).chain(&asked.tools).cloned();
        let amount = charged.iter().map(own).sum();
        surcharge += add(amount, "加急费", "surcharge for urgency", evidence.collect());
    }
    let passed = |part: i64, permille: fn(&Rate) -> u32| {
        let most = rates.iter().map(|rate| permille(rate)).max().unwrap_or(0);
        Money(part.max(0)).scaled_up(most.into(), 1000).0
    };
    let overtime = passed(asked.firm.overtime_fen, |rate| rate.overtime_permille);
    surcharge += add(overtime, "加班转嫁", "overtime passed on", asked.overtime.clone());
    let displacement = passed(asked.firm.displacement_fen, |rate| rate.displacement_permille);
    surcharge +=
        add(displacement, "让出时间转嫁", "displacement passed on", asked.displaced.clone());
    if asked.urgent || surcharge > 0 {
        let kept = within((&rates, &charged), surcharge);
        let (zh, en) = if kept > surcharge {
            ("补足至加急费下限", "up to the floor of the surcharge")
        } else {
            ("减至加急费上限", "down to the ceiling of the surcharge")
        };
        surcharge += add(kept - surcharge, zh, en, Vec::new());
    }
    Ok(ClientPrice {
        total_fen: Money(normal + surcharge),
        normal_fen: Money(normal),
        surcharge_fen: Money(surcharge),
        included_count: u32::try_from(rates.len() - charged.len()).unwrap_or(u32::MAX),
        lines,
    })
}

/// The line of the surcharges that are paid already, as urgent services were bought ahead.
fn paid_ahead(asked: &Asked<'_>) -> Option<PriceLine> {
    let left = asked.included.iter().flatten().max().filter(|_| asked.urgent)?;
    let taken = asked.included.iter().flatten().count();
    let mut evidence =
        vec![Label::new(format!("本单用去 {taken} 次"), format!("this order takes {taken}"))];
    if taken == asked.services.len() {
        let others = asked.overtime.iter().chain(&asked.displaced).chain(&asked.tools);
        evidence.extend(others.cloned());
    }
    let what = Label::new(
        format!("加急费：已包含，剩 {left} 次"),
        format!("surcharge for urgency: included, {left} left"),
    );
    Some(PriceLine { what, amount_fen: 0, evidence })
}

/// `surcharge` between the sums of floors, of what is `charged`, and of ceilings, of all; a service
/// without ceiling has none.
fn within((rates, charged): (&[&Rate], &[&Rate]), surcharge: i64) -> i64 {
    let floor: i64 = charged.iter().filter_map(|rate| rate.floor_fen).map(|floor| floor.0).sum();
    let ceilings: Option<Vec<i64>> =
        rates.iter().map(|rate| rate.ceiling_fen.map(|ceiling| ceiling.0)).collect();
    let ceiling = ceilings.map_or(i64::MAX, |all| all.iter().sum());
    surcharge.max(floor).min(ceiling)
}

#[cfg(test)]
mod tests {
    use super::{Asked, priced};
    use crate::model::quote::{ClientPrice, FirmPrice};
    use crate::policy::{POLICY_FORMAT, Policy, Rate};
    use crate::time::Money;

    fn price(overtime: i64, urgent: bool, edit: impl Fn(&mut Rate)) -> (i64, i64, i64) {
        let price = priced_with(overtime, (urgent, &[]), edit);
        (price.normal_fen.0, price.surcharge_fen.0, price.total_fen.0)
    }

    /// The price of as many licences as `included` has rows, or of one.
    fn priced_with(
        overtime: i64,
        (urgent, included): (bool, &[Option<u32>]),
        edit: impl Fn(&mut Rate),
    ) -> ClientPrice {
        let mut rate = Rate {
            service: "licence".to_owned(),
            normal_fen: Money(100_000),
            surcharge_permille: 200,
            overtime_permille: 500,
            displacement_permille: 1000,
            floor_fen: None,
            ceiling_fen: None,
        };
        edit(&mut rate);
        let policy = Policy {
            desk: None,
            format: POLICY_FORMAT.to_owned(),
            about: None,
            quote_minutes: Some(30),
            promise_per_hour_fen: None,
            rates: vec![rate],
            red_lines: Vec::new(),
        };
        let firm = FirmPrice { overtime_fen: overtime, ..FirmPrice::default() };
        let none = Vec::new;
        let services = vec!["licence"; included.len().max(1)];
        let (services, firm) = (&services[..], &firm);
        let (overtime, displaced, tools) = (none(), none(), none());
        let asked = Asked { services, urgent, included, firm, overtime, displaced, tools };
        let price = priced(&policy, &asked).expect("the service has a rate");
        let lines: i64 = price.lines.iter().map(|line| line.amount_fen).sum();
        assert_eq!(lines, price.total_fen.0, "lines make up the price");
        price
    }

    /// R038: ¥1,000 normal; urgent 20 % = ¥200; half of ¥90.01 of overtime, rounded up, on top.
    #[test]
    fn a_surcharge_is_a_part_of_the_price_and_what_is_passed_on() {
        assert_eq!(price(0, false, |_| {}), (100_000, 0, 100_000));
        assert_eq!(price(0, true, |_| {}), (100_000, 20_000, 120_000));
        assert_eq!(price(9_001, true, |_| {}), (100_000, 24_501, 124_501));
        assert_eq!(price(9_000, false, |_| {}), (100_000, 4_500, 104_500));
    }

    #[test]
    fn a_surcharge_keeps_to_floor_and_ceiling_r038() {
        let floor = |rate: &mut Rate| rate.floor_fen = Some(Money(30_000));
        let ceiling = |rate: &mut Rate| rate.ceiling_fen = Some(Money(15_000));
        assert_eq!(price(0, true, floor), (100_000, 30_000, 130_000));
        assert_eq!(price(0, true, ceiling), (100_000, 15_000, 115_000));
        assert_eq!(price(0, false, floor), (100_000, 0, 100_000), "no surcharge, no floor");
    }

    /// R099: the surcharge was paid with what was bought ahead, and with it its floor; overtime was
    /// not. Of three with two left one is charged: 20 % of ¥1,000.
    #[test]
    fn what_was_bought_ahead_is_not_charged_again() {
        let floor = |rate: &mut Rate| rate.floor_fen = Some(Money(30_000));
        let one = priced_with(9_001, (true, &[Some(4)]), floor);
        assert_eq!((one.surcharge_fen, one.included_count), (Money(4_501), 1));
        let told: Vec<(&str, i64)> =
            one.lines.iter().map(|line| (line.what.en.as_str(), line.amount_fen)).collect();
        assert_eq!(told[1], ("surcharge for urgency: included, 4 left", 0));
        assert_eq!(told[2], ("overtime passed on", 4_501));
        assert_eq!(one.lines[1].what.zh, "加急费：已包含，剩 4 次");
        let three = priced_with(0, (true, &[Some(2), Some(2), None]), |_| {});
        assert_eq!((three.surcharge_fen, three.included_count), (Money(20_000), 2));
        // On the normal track nothing is taken.
        let normal = priced_with(0, (false, &[Some(4)]), |_| {});
        assert_eq!((normal.total_fen, normal.included_count), (Money(100_000), 0));
        assert_eq!(normal.lines.len(), 1);
    }
}
