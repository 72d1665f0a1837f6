//! Nothing may come before itself: circles among steps, among tickets, and through order pins,
//! each named link by link.

use super::{Found, Subject};
use crate::id::Id;
use crate::model::issue::Issue;
use crate::model::work::{Step, Ticket, Work};

/// What a walk over a graph finds.
pub(super) struct Walk {
    /// Circles, each starting anywhere on it; no node is on two of them.
    pub(super) circles: Vec<Vec<usize>>,
    /// All nodes, each after those it leads to (circles aside).
    pub(super) order: Vec<usize>,
}

/// Walks the graph of `count` nodes in depth (Tarjan 1972), without recursion.
pub(super) fn walk(count: usize, next: impl Fn(usize) -> Vec<usize>) -> Walk {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut marks = vec![Mark::New; count];
    let mut told = vec![false; count];
    let mut found = Walk { circles: Vec::new(), order: Vec::with_capacity(count) };
    for root in 0..count {
        if marks[root] != Mark::New {
            continue;
        }
        marks[root] = Mark::Open;
        let mut trail = vec![(root, next(root).into_iter())];
        while let Some((node, onward)) = trail.last_mut() {
            let node = *node;
            let Some(to) = onward.next() else {
                marks[node] = Mark::Done;
                found.order.push(node);
                trail.pop();
                continue;
            };
            match marks[to] {
                Mark::New => {
                    marks[to] = Mark::Open;
                    trail.push((to, next(to).into_iter()));
                }
                Mark::Open => {
                    let from = trail.iter().rposition(|(open, _)| *open == to).unwrap_or(0);
                    let circle: Vec<usize> = trail[from..].iter().map(|(open, _)| *open).collect();
                    if circle.iter().all(|node| !told[*node]) {
                        circle.iter().for_each(|node| told[*node] = true);
                        found.circles.push(circle);
                    }
                }
                Mark::Done => {}
            }
        }
    }
    found
}

/// Tickets by what they come after.
pub(super) fn walk_tickets(work: &Work) -> Walk {
    walk(work.tickets.len(), |row| {
        work.tickets[Id::new(row)].after.iter().map(|earlier| earlier.index()).collect()
    })
}

/// Steps by what they link to.
pub(super) fn walk_steps(work: &Work) -> Walk {
    walk(work.steps.len(), |row| {
        work.steps[Id::new(row)].links.iter().map(|link| link.step.index()).collect()
    })
}

/// S204: steps of a ticket that come after each other in a circle.
pub(super) fn steps(subject: &Subject, found: &mut Found) {
    for circle in &subject.step_walk.circles {
        let name = |row: &usize| subject.work.steps[Id::<Step>::new(*row)].name.as_str();
        // The walk goes from later to earlier; people read from earlier to later.
        let mut names: Vec<&str> = circle.iter().rev().map(name).collect();
        let path = subject.written(Id::new(circle[circle.len() - 1])).link(name(&circle[0]));
        names.push(names[0]);
        found.add(told("S204", path, ("步骤", "steps"), &names));
    }
}

/// S205: tickets that come after each other in a circle (H10).
pub(super) fn tickets(subject: &Subject, found: &mut Found) {
    for circle in &subject.ticket_walk.circles {
        let key = |row: &usize| subject.work.tickets[Id::<Ticket>::new(*row)].key.as_str();
        let mut names: Vec<&str> = circle.iter().rev().map(key).collect();
        let (later, earlier) = (circle[circle.len() - 1], key(&circle[0]));
        names.push(names[0]);
        let after = &subject.scenario.tickets[later].after;
        let path = match after.iter().position(|key| key == earlier) {
            Some(position) => format!("$.tickets[{later}].after[{position}]"),
            None => format!("$.tickets[{later}]"),
        };
        found.add(told("S205", path, ("工单", "tickets"), &names));
    }
}

/// S206: order pins that contradict each other, the links of steps, or the order of tickets.
pub(super) fn pins(subject: &Subject, found: &mut Found) {
    let work = subject.work;
    let known = subject.step_walk.circles.len() + subject.ticket_walk.circles.len();
    if work.orders.is_empty() || known > 0 {
        return;
    }
    // Nodes: steps, then the beginning and the end of each ticket.
    let (steps, tickets) = (work.steps.len(), work.tickets.len());
    let mut pinned = vec![Vec::new(); steps];
    for order in &work.orders {
        pinned[order.then.index()].push(order.first.index());
    }
    let walked = walk(steps + 2 * tickets, |node| {
        if node < steps {
            let step = &work.steps[Id::new(node)];
            let links = step.links.iter().map(|link| link.step.index());
            let begin = steps + step.ticket.index();
            links.chain(pinned[node].iter().copied()).chain([begin]).collect()
        } else if node < steps + tickets {
            let after = &work.tickets[Id::new(node - steps)].after;
            after.iter().map(|earlier| steps + tickets + earlier.index()).collect()
        } else {
            let ticket = &work.tickets[Id::new(node - steps - tickets)];
            ticket.steps.iter().map(|step| step.index()).collect()
        }
    });
    for circle in walked.circles {
        let on: Vec<usize> = circle.into_iter().rev().filter(|node| *node < steps).collect();
        let mut names: Vec<&str> =
            on.iter().map(|row| work.steps[Id::<Step>::new(*row)].key.as_str()).collect();
        names.push(names[0]);
        let pin = subject.scenario.pins.iter().position(|pin| {
            let then = pin.then.as_deref();
            names.windows(2).any(|pair| pair[0] == pin.step && Some(pair[1]) == then)
        });
        let path = pin.map_or_else(|| "$.pins".to_owned(), |pin| format!("$.pins[{pin}].then"));
        found.add(told("S206", path, ("先后锁定", "order pins"), &names));
    }
}

fn told(code: &'static str, path: String, kind: (&str, &str), names: &[&str]) -> Issue {
    let round = names.join(" → ");
    Issue::error(
        code,
        path,
        format!("{}成环：{round}", kind.0),
        format!("{} go round in a circle: {round}", kind.1),
    )
    .hint("删去其中一个先后关系", "remove one of these relations")
}
