//! Programs with columns that are 0 or 1: a limited search over linear relaxations, deepest first.
//!
//! Knows nothing of what the columns mean. The search is ours since the solver's own has no limit
//! but a clock, which would not give the same answer twice.

use good_lp::solvers::microlp::microlp;
use good_lp::variable::UnsolvedProblem;
use good_lp::{
    Constraint, Expression, ProblemVariables, ResolutionError, SolverModel as _, Variable,
    constraint, variable,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::NoAnswer;

/// A value so near to a whole number is one.
const NEAR: f64 = 1e-6;

/// Open branches kept beside the one under way: each holds a copy of the solver.
const MOST_OPEN: usize = 24;

/// A column of a program: at least 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Column {
    pub(super) cost: f64,
    pub(super) most: f64,
    /// 0 or 1 and nothing between.
    pub(super) is_whole: bool,
}

/// A row of a program.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) terms: Vec<(usize, f64)>,
    /// The terms come to exactly `right`, else to at most that.
    pub(super) is_exact: bool,
    pub(super) right: f64,
}

/// A program: the least cost is wanted. Nothing at all (every column 0) must be allowed.
#[derive(Clone, Debug, Default)]
pub(super) struct Program {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Row>,
}

impl Program {
    /// Adds a column and says where it stands.
    pub(super) fn column(&mut self, cost: f64, most: f64, is_whole: bool) -> usize {
        self.columns.push(Column { cost, most, is_whole });
        self.columns.len() - 1
    }

    /// Adds a row: `terms` come to at most `right`.
    pub(super) fn at_most(&mut self, terms: Vec<(usize, f64)>, right: f64) {
        self.rows.push(Row { terms, is_exact: false, right });
    }

    /// Adds a row: `terms` come to exactly `right`.
    pub(super) fn exactly(&mut self, terms: Vec<(usize, f64)>, right: f64) {
        self.rows.push(Row { terms, is_exact: true, right });
    }
}

/// The columns that are 1 in the cheapest answer met within `nodes` relaxations that costs less
/// than `ceiling`; where there is none yet, those nearer to 1 than to 0 in the last relaxation,
/// which need not keep all rows. `None` when nothing costs less.
///
/// # Errors
/// When the solver breaks down before there is an answer.
pub(super) fn solve(
    program: &Program,
    ceiling: f64,
    nodes: u32,
) -> Result<Option<Vec<usize>>, NoAnswer> {
    let by = if cfg!(feature = "highs") { branch } else { dive };
    catch_unwind(AssertUnwindSafe(|| by(program, ceiling, nodes))).unwrap_or(Err(NoAnswer))
}

/// The same by the search of HiGHS. When it finds nothing better, that is no answer.
#[cfg(feature = "highs")]
fn branch(program: &Program, ceiling: f64, nodes: u32) -> Result<Option<Vec<usize>>, NoAnswer> {
    use good_lp::Solution as _;
    use good_lp::solvers::highs::highs;
    let (problem, rows, columns) = stated(program, 1.0, true);
    let model = problem.using(highs).set_threads(1);
    let nodes = i32::try_from(nodes).unwrap_or(i32::MAX);
    let model = model.set_option("mip_max_nodes", nodes).set_option("objective_bound", ceiling);
    let solution = model.with_all(rows).solve().map_err(|_| NoAnswer)?;
    let values: Vec<f64> = columns.iter().map(|column| solution.value(*column)).collect();
    let cost: f64 = program.columns.iter().zip(&values).map(|(row, value)| row.cost * value).sum();
    let near = |column: &usize| values[*column] > 0.5 && program.columns[*column].is_whole;
    let is_better = cost < ceiling - NEAR && program.holds(&values);
    Ok(is_better.then(|| (0..values.len()).filter(near).collect()))
}

#[cfg(not(feature = "highs"))]
use dive as branch;

fn dive(program: &Program, mut ceiling: f64, nodes: u32) -> Result<Option<Vec<usize>>, NoAnswer> {
    let scale = program.columns.iter().map(|column| column.cost.abs()).fold(1.0, f64::max) / 1e3;
    ceiling /= scale;
    let root = model(program, scale).solve().map_err(|_| NoAnswer)?.into_inner();
    let handles: Vec<_> = root.iter().map(|(handle, _)| handle).collect();
    let whole = |values: &[f64]| -> Vec<usize> {
        let near = |column: &usize| values[*column] > 0.5 && program.columns[*column].is_whole;
        (0..values.len()).filter(near).collect()
    };
    let (mut best, mut last, mut is_cut) = (None, None, false);
    let mut open = vec![(root, None)];
    for _ in 0..nodes {
        let Some((solution, fixed)) = open.pop() else { break };
        let solution = match fixed {
            None => solution,
            Some((column, value)) => {
                let fixed = solution.fix_var(handles[column], value);
                match fixed.map_err(ResolutionError::from) {
                    Ok(outcome) => outcome.into_solution().map_err(|_| NoAnswer)?,
                    Err(ResolutionError::Infeasible) => continue,
                    Err(_) if best.is_some() => return Ok(best),
                    Err(_) => return Err(NoAnswer),
                }
            }
        };
        if solution.objective() > ceiling - NEAR {
            continue;
        }
        let values: Vec<f64> =
            handles.iter().map(|handle| solution.var_value_raw(*handle)).collect();
        match undecided(program, &values) {
            None if program.holds(&values) => {
                ceiling = solution.objective();
                best = Some(whole(&values));
            }
            None => {}
            Some(column) => {
                last = Some(whole(&values));
                if open.len() < MOST_OPEN {
                    open.push((solution.clone(), Some((column, 0.0))));
                } else {
                    is_cut = true;
                }
                open.push((solution, Some((column, 1.0))));
            }
        }
    }
    // With every branch closed, nothing is cheaper.
    Ok(best.or(if open.is_empty() && !is_cut { None } else { last }))
}

fn model(program: &Program, scale: f64) -> good_lp::solvers::microlp::MicroLpProblem {
    let (problem, rows, _) = stated(program, scale, false);
    problem.using(microlp).with_all(rows)
}

/// The program in the terms of its solvers, costs divided by `scale`.
fn stated(
    program: &Program,
    scale: f64,
    whole: bool,
) -> (UnsolvedProblem, Vec<Constraint>, Vec<Variable>) {
    let mut variables = ProblemVariables::new();
    let add = |column: &Column| {
        let free = variable().min(0.0).max(column.most);
        variables.add(if whole && column.is_whole { free.integer() } else { free })
    };
    let columns: Vec<_> = program.columns.iter().map(add).collect();
    let mut cost = Expression::with_capacity(columns.len());
    for (column, row) in columns.iter().zip(&program.columns) {
        cost.add_mul(row.cost / scale, *column);
    }
    let row = |row: &Row| {
        let mut sum = Expression::with_capacity(row.terms.len());
        for (column, factor) in &row.terms {
            sum.add_mul(*factor, columns[*column]);
        }
        match row.is_exact {
            true => constraint::eq(sum, row.right),
            false => constraint::leq(sum, row.right),
        }
    };
    let rows = program.rows.iter().map(row).collect();
    (variables.minimise(cost), rows, columns)
}

/// The column nearest to 1 among those that should be whole and are not.
fn undecided(program: &Program, values: &[f64]) -> Option<usize> {
    let open = |column: &usize| {
        let value = values[*column];
        program.columns[*column].is_whole && (value - value.round()).abs() > NEAR
    };
    let undecided = (0..values.len()).filter(open);
    undecided.max_by(|one, other| values[*one].total_cmp(&values[*other]).then(other.cmp(one)))
}

impl Program {
    /// Whether `values` keep every row: solvers have been wrong before.
    fn holds(&self, values: &[f64]) -> bool {
        self.rows.iter().all(|row| {
            let sum: f64 = row.terms.iter().map(|(column, factor)| values[*column] * factor).sum();
            let size = row.terms.iter().map(|(_, factor)| factor.abs()).fold(1.0, f64::max);
            let off = sum - row.right;
            off <= NEAR * size * 10.0 && (!row.is_exact || off >= -NEAR * size * 10.0)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Program, solve};

    /// Three things of size 3, 3 and 4 that save 5, 5 and 8 in a bag of 6: the two small ones,
    /// though a share of the big one looks better.
    fn bag() -> Program {
        let mut program = Program::default();
        let things: Vec<usize> =
            [-5.0, -5.0, -8.0].map(|cost| program.column(cost, 1.0, true)).into();
        program.at_most(vec![(things[0], 3.0), (things[1], 3.0), (things[2], 4.0)], 6.0);
        program
    }

    #[test]
    fn whole_columns_come_out_whole_and_best() {
        assert_eq!(solve(&bag(), 0.0, 100), Ok(Some(vec![0, 1])));
    }

    #[test]
    fn nothing_comes_out_that_is_not_better_than_what_is_known() {
        assert_eq!(solve(&bag(), -10.0, 100), Ok(None));
        assert_eq!(solve(&bag(), -9.0, 100), Ok(Some(vec![0, 1])));
    }

    /// The relaxation takes the big one and two thirds of a small one, which do not fit together.
    #[cfg(not(feature = "highs"))]
    #[test]
    fn where_nodes_end_the_last_relaxation_is_rounded() {
        let ones = solve(&bag(), 0.0, 1).unwrap().unwrap();
        assert!(ones.len() == 2 && ones.contains(&2), "{ones:?}");
    }

    #[test]
    fn a_program_that_nothing_fulfils_has_no_answer() {
        let mut program = bag();
        program.exactly(vec![(0, 1.0)], 2.0);
        assert!(solve(&program, 0.0, 10).is_err());
    }
}
