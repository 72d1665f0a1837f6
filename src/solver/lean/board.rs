//! The state of one lane of the lean search: where steps stand, lines in order of time, the cost
//! of every ticket, and what to undo.

use std::sync::Arc;

use super::guide::Guide;
use super::hours::FAR;
use super::line::{Line, Stretch};
use super::table::{NOBODY, Table};
use crate::id::{Column, Id};
use crate::model::work::{Person, Step, Ticket};
use crate::problem::Choice;
use crate::solver::extra;
use crate::solver::price::{change_price, imbalance_price};
use crate::solver::schedule::{Placement, Schedule};

/// Nowhere: the end of a step that does not stand.
const NOWHERE: i32 = i32::MIN;

/// Where a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) start: i32,
    pub(super) end: i32,
    pub(super) person: Id<Person>,
    pub(super) choice: u32,
    /// Minutes that are not regular.
    pub(super) extra: i32,
    /// What standing there costs, lateness and imbalance aside.
    pub(super) price: i64,
}

impl Place {
    pub(super) fn none() -> Place {
        Place {
            start: 0,
            end: NOWHERE,
            person: Id::new(NOBODY),
            choice: u32::MAX,
            extra: 0,
            price: 0,
        }
    }

    /// Whether it is the same, or both are nowhere.
    pub(super) fn is_as(&self, other: &Place) -> bool {
        self == other || !self.stands() && !other.stands()
    }

    pub(super) fn stands(&self) -> bool {
        self.end != NOWHERE
    }
}

/// The state.
#[derive(Clone)]
pub(super) struct Board<'t> {
    pub(super) table: &'t Table<'t>,
    /// What people's time is worth, where that is known.
    pub(super) guide: Option<Arc<Guide>>,
    places: Column<Step, Place>,
    lines: Column<Person, Line>,
    costs: Column<Ticket, i64>,
    /// When each ticket finishes; far away for one that is not whole.
    finishes: Column<Ticket, i32>,
    /// The number before which each step has to end where it stands; 0: it may not slide.
    rooms: Column<Step, i32>,
    /// The commit count at which a person was last touched.
    visited: Column<Person, u64>,
    /// Regular minutes by person, where imbalance has a price.
    worked: Column<Person, i64>,
    total: i64,
    /// Tickets that cost more than they must.
    costly: Vec<Id<Ticket>>,
    /// Position there.
    row: Column<Ticket, u32>,
    /// Steps touched since the last commit, with where they stood.
    journal: Vec<(Id<Step>, Place)>,
    /// The commit count at which a step was last written to the journal.
    touched: Column<Step, u64>,
    commits: u64,
    /// Costs and finishes of tickets changed since the last commit.
    ledger: Vec<(Id<Ticket>, i64, i32)>,
    /// What was done so far, in about as many hundredths of a microsecond.
    work: u64,
}

/// The price of what cannot be: more than all there is costs.
const NEVER: i64 = 1 << 50;

/// The work of putting a step somewhere or taking it away.
const PUT: u64 = 8;

impl<'t> Board<'t> {
    /// Nothing stands.
    pub(super) fn new(table: &'t Table<'t>) -> Board<'t> {
        let mut board = Board {
            table,
            guide: None,
            places: table.steps.iter().map(|_| Place::none()).collect(),
            lines: table.shifts.iter().map(|_| Line::default()).collect(),
            costs: table.tickets.iter().map(|ticket| ticket.least).collect(),
            finishes: table.tickets.iter().map(|_| FAR).collect(),
            rooms: table.steps.iter().map(|_| 0).collect(),
            visited: table.shifts.iter().map(|_| 0).collect(),
            worked: table.shifts.iter().map(|_| 0).collect(),
            total: table.tickets.iter().map(|ticket| ticket.least).sum(),
            costly: Vec::new(),
            row: table.tickets.iter().map(|_| u32::MAX).collect(),
            journal: Vec::new(),
            touched: table.steps.iter().map(|_| 0).collect(),
            commits: 1,
            ledger: Vec::new(),
            work: 0,
        };
        for ticket in table.tickets.ids() {
            board.settle(ticket);
        }
        board.commit();
        board
    }

    /// Steps stand where they do in `schedule`.
    pub(super) fn of(table: &'t Table<'t>, schedule: &Schedule<'_>) -> Board<'t> {
        let mut board = Board::new(table);
        let since = |tick| super::hours::since(table.problem.as_of, tick);
        for step in table.steps.ids() {
            let Some(place) = schedule.place(step) else { continue };
            let span = (since(place.start), since(place.end));
            let place = if table.steps[step].wait.is_some() {
                Place { start: span.0, end: span.1, ..Place::none() }
            } else {
                board.priced(step, place.choice, span)
            };
            board.put(step, place, None);
        }
        for ticket in table.tickets.ids() {
            board.settle(ticket);
        }
        board.commit();
        board
    }

    /// What was done so far: the same for the same steps, whatever the machine.
    pub(super) fn work(&self) -> u64 {
        self.work
    }

    /// Counts what was done.
    pub(super) fn count(&mut self, work: u64) {
        self.work += work;
    }

    /// When `ticket` finishes, [`FAR`] while it is not whole.
    pub(super) fn finish(&self, ticket: Id<Ticket>) -> i32 {
        self.finishes[ticket]
    }

    /// The number before which `step` has to end where it stands; 0: it may not slide.
    pub(super) fn room(&self, step: Id<Step>) -> i32 {
        self.rooms[step]
    }

    /// Whether something was done to the line of `person` since the last commit.
    pub(super) fn is_touched(&self, person: Id<Person>) -> bool {
        self.visited[person] == self.commits
    }

    pub(super) fn place(&self, step: Id<Step>) -> &Place {
        &self.places[step]
    }

    pub(super) fn line(&self, person: Id<Person>) -> &Line {
        &self.lines[person]
    }

    pub(super) fn cost(&self, ticket: Id<Ticket>) -> i64 {
        self.costs[ticket]
    }

    /// Whether nobody is in the way of `place`.
    pub(super) fn is_free(&self, place: &Place) -> bool {
        if place.person.index() == NOBODY {
            return true;
        }
        let line = &self.lines[place.person];
        let row = line.first_ending_after(place.start);
        line.stretches().get(row).is_none_or(|other| other.start >= place.end)
    }

    /// Makes sure that everything kept up to date move by move is what it is when worked out anew.
    pub(super) fn audit(&self) {
        let table = self.table;
        let mut fresh = Board::new(table);
        for step in table.steps.ids().filter(|step| self.places[*step].stands()) {
            let place = self.places[step];
            fresh.put(step, place, None);
            let lawful = place.person.index() == NOBODY || self.is_lawful(step);
            assert!(lawful, "{step:?} stands where it may not");
        }
        for ticket in table.tickets.ids() {
            fresh.settle(ticket);
            let kept = (self.costs[ticket], self.finishes[ticket]);
            assert_eq!(kept, (fresh.costs[ticket], fresh.finishes[ticket]), "{ticket:?}");
        }
        assert_eq!(self.total, fresh.total, "the cost");
        for person in table.shifts.ids() {
            assert!(self.lines[person].agrees(&fresh.lines[person]), "{person:?}");
        }
        for step in table.steps.ids() {
            assert_eq!(self.rooms[step], self.room_of(step), "room of {step:?}");
        }
    }

    /// What everything costs.
    pub(super) fn total(&self) -> i64 {
        self.total
    }

    /// Tickets that cost more than they must.
    pub(super) fn costly(&self) -> &[Id<Ticket>] {
        &self.costly
    }

    pub(super) fn steps(&self, ticket: Id<Ticket>) -> &'t [Id<Step>] {
        &self.table.problem.tickets[ticket].steps
    }

    /// A placement with its price.
    pub(super) fn priced(&self, step: Id<Step>, choice: u32, (start, end): (i32, i32)) -> Place {
        let problem = self.table.problem;
        let option = &problem.options[choice as usize];
        let person = problem.crew(option)[0];
        let hours = &self.table.working[self.table.shifts[person]].hours[0];
        let minutes = i32::try_from(option.minutes).unwrap_or(i32::MAX);
        let extra = minutes - (hours.before(end) - hours.before(start));
        let mut price = option.price;
        if extra > 0 {
            price += self.extra_price(option, (start, end));
        }
        let mut place = Place { start, end, person, choice, extra, price };
        if problem.steps[step].previous.is_some() {
            place.price += change_price(problem, step, Some(self.placement(place)))
                - change_price(problem, step, None);
        }
        place
    }

    #[cold]
    fn extra_price(&self, option: &Choice, (start, end): (i32, i32)) -> i64 {
        let (start, end) = (self.table.tick(start), self.table.tick(end));
        match extra::split(self.table.problem, option, start, end) {
            Some((_, counts)) => extra::price(self.table.problem, option, &counts),
            None => NEVER,
        }
    }

    /// The placement in ticks since 1970.
    pub(super) fn placement(&self, place: Place) -> Placement {
        Placement {
            start: self.table.tick(place.start),
            end: self.table.tick(place.end),
            choice: place.choice,
            extra: place.extra > 0,
        }
    }

    /// Where every step stands, in ticks since 1970.
    pub(super) fn placements(&self) -> Column<Step, Option<Placement>> {
        let places = self.places.iter();
        places.map(|place| place.stands().then(|| self.placement(*place))).collect()
    }

    /// Puts `step`, which stands nowhere, to `place`; `row`: its position on the line if known.
    pub(super) fn put(&mut self, step: Id<Step>, place: Place, row: Option<usize>) {
        self.remember(step);
        self.apply(step, place, row);
    }

    /// Takes `step` from where it stands.
    pub(super) fn lift(&mut self, step: Id<Step>) -> Place {
        self.remember(step);
        self.withdraw(step)
    }

    fn remember(&mut self, step: Id<Step>) {
        if self.touched[step] != self.commits {
            self.touched[step] = self.commits;
            self.journal.push((step, self.places[step]));
        }
    }

    fn apply(&mut self, step: Id<Step>, place: Place, row: Option<usize>) {
        self.work += PUT;
        self.places[step] = place;
        if place.person.index() == NOBODY {
            self.measure(step);
            return;
        }
        let hours = &self.table.working[self.table.shifts[place.person]].hours;
        let numbers = [0, 1]
            .map(|kind: usize| (hours[kind].before(place.start), hours[kind].before(place.end)));
        let line = &mut self.lines[place.person];
        let row = row.unwrap_or_else(|| line.first_starting_at(place.start));
        debug_assert!(row == 0 || line.stretches()[row - 1].end <= place.start);
        debug_assert!(line.stretches().get(row).is_none_or(|next| place.end <= next.start));
        line.insert(row, Stretch { start: place.start, end: place.end, step }, numbers);
        self.visited[place.person] = self.commits;
        self.busy(place, 1);
        self.measure(step);
    }

    fn withdraw(&mut self, step: Id<Step>) -> Place {
        self.work += PUT;
        let place = self.places[step];
        self.places[step].end = NOWHERE;
        self.rooms[step] = 0;
        let table = self.table;
        for tie in table.before(&table.steps[step]) {
            self.rooms[tie.step] = 0;
        }
        if place.person.index() != NOBODY {
            let line = &mut self.lines[place.person];
            let row = line.first_starting_at(place.start);
            debug_assert_eq!(line.stretches()[row].step, step);
            line.remove(row);
            self.visited[place.person] = self.commits;
            self.busy(place, -1);
        }
        place
    }

    /// Measures anew how far `step`, those before it and those after it may slide.
    fn measure(&mut self, step: Id<Step>) {
        let table = self.table;
        self.rooms[step] = self.room_of(step);
        for tie in table.before(&table.steps[step]) {
            self.rooms[tie.step] = self.room_of(tie.step);
        }
        self.tighten(step);
        for tie in table.after(&table.steps[step]) {
            self.tighten(tie.step);
        }
    }

    /// Measures anew how far `step` may slide to the left. When a step before it is lifted, this is
    /// left as it is until that stands again.
    fn tighten(&mut self, step: Id<Step>) {
        let place = self.places[step];
        if place.stands() && place.person.index() != NOBODY {
            let earliest = self.earliest_of(step);
            let line = &mut self.lines[place.person];
            line.set_earliest(line.first_starting_at(place.start), earliest);
        }
    }

    /// Slides the stretch in `row` on the line of `person` so that it begins at minute `number`.
    pub(super) fn slide(&mut self, person: Id<Person>, row: usize, number: i32) {
        let table = self.table;
        let line = &self.lines[person];
        let (step, (start, end)) = (line.stretches()[row].step, line.numbers(0)[row]);
        self.remember(step);
        let hours = &table.working[table.shifts[person]].hours;
        let numbers = (number, number + end - start);
        let span = (hours[0].tick(numbers.0), hours[0].end(numbers.1));
        let all = (hours[1].before(span.0), hours[1].before(span.1));
        self.lines[person].shift(row, span, [numbers, all]);
        let place = &mut self.places[step];
        (place.start, place.end) = span;
        self.visited[person] = self.commits;
        self.measure(step);
        let row = &table.steps[step];
        if table.after(row).is_empty() {
            self.settle(row.ticket);
        }
    }

    /// Counts the regular minutes of `place` for whoever works them.
    fn busy(&mut self, place: Place, sign: i64) {
        let problem = self.table.problem;
        if problem.imbalance_price == 0 {
            return;
        }
        let minutes = problem.options[place.choice as usize].minutes - i64::from(place.extra);
        let before = self.worked[place.person];
        let after = before + sign * minutes;
        self.total += imbalance_price(problem, place.person, after)
            - imbalance_price(problem, place.person, before);
        self.worked[place.person] = after;
    }

    /// Brings the cost of `ticket` up to date.
    pub(super) fn settle(&mut self, ticket: Id<Ticket>) -> i64 {
        let (cost, finish) = self.worth(ticket);
        let before = (self.costs[ticket], self.finishes[ticket]);
        if (cost, finish) != before {
            self.ledger.push((ticket, before.0, before.1));
            self.charge(ticket, cost, finish);
        }
        cost
    }

    /// What `ticket` costs as it stands.
    fn worth(&self, ticket: Id<Ticket>) -> (i64, i32) {
        let (mut finish, mut price) = (0, 0);
        for step in self.steps(ticket) {
            let place = &self.places[*step];
            if !place.stands() {
                return (self.table.tickets[ticket].unserved, FAR);
            }
            finish = finish.max(place.end);
            price += place.price;
        }
        (price + self.table.lateness(ticket, finish), finish)
    }

    fn charge(&mut self, ticket: Id<Ticket>, cost: i64, finish: i32) {
        self.total += cost - self.costs[ticket];
        self.costs[ticket] = cost;
        self.finishes[ticket] = finish;
        for step in self.steps(ticket) {
            if self.table.after(&self.table.steps[*step]).is_empty() {
                self.rooms[*step] = self.room_of(*step);
            }
        }
        let dear = cost > self.table.tickets[ticket].least;
        let row = self.row[ticket];
        if dear && row == u32::MAX {
            self.row[ticket] = u32::try_from(self.costly.len()).unwrap_or(u32::MAX);
            self.costly.push(ticket);
        } else if !dear && row != u32::MAX {
            self.row[ticket] = u32::MAX;
            let last = self.costly.pop();
            if let Some(last) = last.filter(|last| *last != ticket) {
                self.costly[row as usize] = last;
                self.row[last] = row;
            }
        }
    }

    /// Moves `steps` to where they stand in `best`.
    pub(super) fn go_to(&mut self, best: &Column<Step, Place>, steps: &[Id<Step>]) {
        for step in steps {
            if self.places[*step].stands() && self.places[*step] != best[*step] {
                self.lift(*step);
            }
        }
        for step in steps {
            if !self.places[*step].stands() && best[*step].stands() {
                self.put(*step, best[*step], None);
            }
        }
        for step in steps {
            self.settle(self.table.steps[*step].ticket);
        }
        self.commit();
    }

    /// The steps touched since the last commit, with where they stood.
    pub(super) fn journal(&self) -> &[(Id<Step>, Place)] {
        &self.journal
    }

    /// Keeps everything done since the last commit.
    pub(super) fn commit(&mut self) {
        self.journal.clear();
        self.ledger.clear();
        self.commits += 1;
    }

    /// Takes back everything done since the last commit.
    pub(super) fn rollback(&mut self) {
        for row in 0..self.journal.len() {
            let step = self.journal[row].0;
            if self.places[step].stands() {
                self.withdraw(step);
            }
        }
        for row in 0..self.journal.len() {
            let (step, place) = self.journal[row];
            if place.stands() {
                self.apply(step, place, None);
            }
        }
        while let Some((ticket, cost, finish)) = self.ledger.pop() {
            self.charge(ticket, cost, finish);
        }
        self.commit();
    }
}
