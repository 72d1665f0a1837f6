//! What is wrong with texts of instances: code, line, column, advice in both languages.

use paidan::exchange::bench::results::rows;
use paidan::exchange::bench::{CODES, Family, Named, Wishes, best_known, named, read};
use paidan::model::issue::{Issue, Issues};

use super::forms::{FLEXIBLE, HYBRID, PROJECT, UNRELATED};

fn refused(family: Family, text: &[u8]) -> Issue {
    let only = Named { name: "ours".to_owned(), number: 0, jobs: 1, factor: Some(1_300) };
    single(read(family, text, &only).unwrap_err())
}

fn single(issues: Issues) -> Issue {
    let [issue] = issues.as_slice() else { panic!("{issues:?}") };
    let (zh, en) = (issue.hint_zh.as_deref(), issue.hint_en.as_deref());
    assert!(zh.is_some_and(|hint| !hint.is_empty()) && en.is_some_and(|hint| !hint.is_empty()));
    assert!(CODES.contains(&issue.code), "{} is not in the list", issue.code);
    issue.clone()
}

/// Code, line and column.
fn at(issue: &Issue) -> (&str, usize, usize) {
    let place = issue.place.unwrap();
    (issue.code, place.line, place.column)
}

#[test]
fn a_number_that_is_none_is_told_where_it_stands() {
    let issue = refused(Family::Unrelated, b"3 2\n3 x 2\n2 4 9\n5 1 3\n");
    assert_eq!(at(&issue), ("B502", 2, 3));
    assert_eq!(issue.en, "\"x\" is no whole number (the weight of job 2 is expected)");
    assert_eq!(issue.zh, "“x”不是整数（应为工件 2 的权重）");
}

#[test]
fn a_text_that_ends_too_early_or_goes_on_is_told() {
    let issue = refused(Family::Unrelated, b"3 2\n3 1 2\n2 4 9\n5 1\n");
    assert_eq!(at(&issue), ("B503", 4, 1));
    assert_eq!(issue.en, "the file ends before the minutes of job 3 on machine 2");
    let issue = refused(Family::Hybrid, format!("{HYBRID}7 7\n").as_bytes());
    assert_eq!(at(&issue), ("B504", 7, 1));
    assert_eq!(issue.en, "the instance is complete, yet 2 more words follow");
}

#[test]
fn numbers_out_of_range_are_told() {
    let issue = refused(Family::Unrelated, UNRELATED.replace("9", "0").as_bytes());
    assert_eq!(at(&issue), ("B505", 3, 5));
    assert_eq!(issue.en, "the minutes of job 3 on machine 1 is 0, not within 1 to 100000");
    let issue = refused(Family::JobShop, b"1 2\n0 3 2 2\n");
    assert_eq!(at(&issue), ("B505", 2, 5), "machines count from 0");
}

#[test]
fn names_nobody_bears_and_things_that_stand_twice_are_told() {
    let issue = refused(Family::Project, PROJECT.replace("\t2\t3\n", "\t2\t9\n").as_bytes());
    assert_eq!(at(&issue), ("B506", 14, 14));
    let issue = refused(Family::Project, PROJECT.replace("\n4\t\t2", "\n3\t\t2").as_bytes());
    assert_eq!(at(&issue), ("B510", 14, 1));
    let issue = refused(Family::Flexible, FLEXIBLE.replace("1 3 2 5", "1 3 1 5").as_bytes());
    assert_eq!(at(&issue), ("B510", 2, 9));
}

#[test]
fn a_project_without_a_section_is_told() {
    let issue = refused(Family::Project, PROJECT.replace("TaskID", "Task").as_bytes());
    assert_eq!((issue.code, issue.en.as_str()), ("B508", "there is no section \"TaskID\""));
}

#[test]
fn numbers_that_make_no_instances_are_told() {
    let wishes = Wishes { jobs: Some(2), ..Wishes::default() };
    let text = b"1 2 3 4 5 6 7";
    let issue = single(named(Family::SingleMachine, "ours", text, &wishes).unwrap_err());
    assert_eq!(issue.code, "B507");
    assert!(issue.hint_en.unwrap().contains("--jobs"));
}

#[test]
fn text_that_is_no_text_and_work_beyond_three_years_are_told() {
    assert_eq!(at(&refused(Family::Hybrid, b"3\n2\n\xff")), ("B501", 3, 1));
    // 17 jobs of 100,000 minutes are 1181 days
    let text = format!("17 1\n{}\n{}\n", "1 ".repeat(17), "100000 ".repeat(17));
    assert_eq!(refused(Family::Unrelated, text.as_bytes()).code, "B509");
}

#[test]
fn tables_that_are_none_of_ours_are_told() {
    let issue = single(best_known(b"instance,value\na,1\n").unwrap_err());
    assert_eq!(at(&issue), ("B513", 1, 1));
    let issue = single(best_known(b"instance,best_known,kind\na,1,perhaps\n").unwrap_err());
    assert_eq!(at(&issue), ("B513", 2, 1));
    let issue = single(rows(b"name,money\nli,3\n").unwrap_err());
    assert_eq!(at(&issue), ("B514", 1, 1));
}
