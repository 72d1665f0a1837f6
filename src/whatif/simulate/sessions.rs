//! Who attends which session at the least cost: a flow of least cost through people and sessions
//! (successive shortest paths; Jewell 1958), so the answer is whole and no other one is cheaper.

/// What `costs[person][session]` says, none where somebody cannot come; `needs` sessions of each
/// person; `room` for so many of them in each session, beside a `crowd` of others. For each person
/// his sessions in order: fewer than needed only where there are not enough. Of answers that cost
/// the same, one that spreads people.
pub(super) fn attended(
    costs: &[Vec<Option<i64>>],
    needs: &[usize],
    room: &[usize],
    crowd: &[usize],
) -> Vec<Vec<usize>> {
    let count = room.len();
    let taken = vec![vec![false; count]; costs.len()];
    let mut rows = Flow { costs, taken, load: vec![0; count], room, crowd };
    let longest = needs.iter().copied().max().unwrap_or(0);
    // Each in turn, so that nobody is left out by those before him.
    for round in 0..longest {
        for (person, need) in needs.iter().enumerate() {
            if round < *need {
                rows.add(person);
            }
        }
    }
    let sessions = |taken: &Vec<bool>| (0..count).filter(|session| taken[*session]).collect();
    rows.taken.iter().map(sessions).collect()
}

/// Fen weigh so much more than the spread of people.
const SCALE: i64 = 1_000;

struct Flow<'a> {
    costs: &'a [Vec<Option<i64>>],
    taken: Vec<Vec<bool>>,
    load: Vec<usize>,
    room: &'a [usize],
    crowd: &'a [usize],
}

impl Flow<'_> {
    fn cost(&self, person: usize, session: usize) -> Option<i64> {
        self.costs[person][session].map(|fen| fen * SCALE)
    }

    /// One more session for `person` by the cheapest path, moving others where that pays; nothing
    /// where there is none.
    fn add(&mut self, person: usize) {
        let count = self.load.len();
        let mut far: Vec<Option<i64>> = (0..count)
            .map(|session| self.cost(person, session).filter(|_| !self.taken[person][session]))
            .collect();
        let mut before: Vec<Option<(usize, usize)>> = vec![None; count];
        // Bellman and Ford: at most as many rounds as there are sessions.
        for _ in 0..count {
            if !self.relax(&mut far, &mut before) {
                break;
            }
        }
        let open = (0..count).filter(|session| self.load[*session] < self.room[*session]);
        let whole = |session: usize| {
            let crowd = self.load[session] + self.crowd[session];
            Some((far[session]? + i64::try_from(crowd).unwrap_or(i64::MAX), session))
        };
        let Some((_, last)) = open.filter_map(whole).min() else { return };
        self.load[last] += 1;
        let mut session = last;
        while let Some((from, other)) = before[session] {
            self.taken[other][session] = true;
            self.taken[other][from] = false;
            session = from;
        }
        self.taken[person][session] = true;
    }

    /// Moves whoever sits in one session to another, where that is a shorter way there.
    fn relax(&self, far: &mut [Option<i64>], before: &mut [Option<(usize, usize)>]) -> bool {
        let mut is_shorter = false;
        for from in 0..far.len() {
            let Some(here) = far[from] else { continue };
            for other in (0..self.costs.len()).filter(|other| self.taken[*other][from]) {
                for to in (0..far.len()).filter(|to| !self.taken[other][*to]) {
                    let Some((old, new)) = self.cost(other, from).zip(self.cost(other, to)) else {
                        continue;
                    };
                    let there = here - old + new;
                    if far[to].is_none_or(|known| there < known) {
                        far[to] = Some(there);
                        before[to] = Some((from, other));
                        is_shorter = true;
                    }
                }
            }
        }
        is_shorter
    }
}

#[cfg(test)]
mod tests {
    use super::attended;
    use crate::solver::rng::Rng;

    /// Both want the first session, which holds one: whoever loses less by the second goes there.
    #[test]
    fn somebody_makes_room_where_that_costs_less() {
        let costs = vec![vec![Some(1), Some(2)], vec![Some(1), Some(9)]];
        assert_eq!(attended(&costs, &[1, 1], &[1; 2], &[0; 2]), [vec![1], vec![0]]);
        let cannot = vec![vec![Some(1), None], vec![Some(1), None]];
        assert_eq!(
            attended(&cannot, &[1, 1], &[1; 2], &[0; 2]),
            [vec![0], vec![]],
            "one is left without"
        );
    }

    /// Of sessions that cost the same, the one with fewer others; where there is no room, none.
    #[test]
    fn room_and_crowd_of_others_count() {
        let costs = vec![vec![Some(5), Some(5), Some(5)]];
        assert_eq!(attended(&costs, &[1], &[1; 3], &[2, 1, 2]), [vec![1]]);
        assert_eq!(attended(&costs, &[2], &[1, 0, 0], &[2, 1, 2]), [vec![0]]);
    }

    /// Against trying everything: three people, four sessions of two places, one or two each.
    #[test]
    fn no_other_answer_is_cheaper() {
        for seed in 0..40 {
            let mut rng = Rng::new(seed, 0);
            let costs: Vec<Vec<Option<i64>>> =
                (0..3).map(|_| (0..4).map(|_| Some(rng.range(0, 20))).collect()).collect();
            let needs = [1 + rng.below(2), 1 + rng.below(2), 1 + rng.below(2)];
            let told = attended(&costs, &needs, &[2; 4], &[0; 4]);
            let cost: i64 = told
                .iter()
                .zip(&costs)
                .map(|(own, row)| own.iter().filter_map(|session| row[*session]).sum::<i64>())
                .sum();
            assert_eq!(Some(cost), cheapest(&costs, &needs), "{costs:?} {needs:?} {told:?}");
        }
    }

    fn cheapest(costs: &[Vec<Option<i64>>], needs: &[usize]) -> Option<i64> {
        let mut best: Option<i64> = None;
        for bits in 0..4096_u32 {
            let own: Vec<u32> = (0..3).map(|person| bits >> (4 * person) & 15).collect();
            let fits = own.iter().zip(needs).all(|(own, need)| own.count_ones() as usize == *need);
            let full = (0..4).any(|at| own.iter().filter(|own| *own >> at & 1 == 1).count() > 2);
            if !fits || full {
                continue;
            }
            let cost = own.iter().zip(costs).map(|(own, row)| {
                (0..4).filter(|at| own >> at & 1 == 1).filter_map(|at| row[at]).sum::<i64>()
            });
            let cost: i64 = cost.sum();
            best = Some(best.map_or(cost, |best| best.min(cost)));
        }
        best
    }
}
