//! "Did you mean": the nearest of the words that would have been right. Must not know what the
//! words stand for.

/// The candidate that `word` is most likely meant to be: at most two edits away (in short words
/// fewer), or one that begins with the word or that the word begins with. Capitals and the marks
/// `_`, `-` and space do not count. Ties go to the first candidate.
#[must_use]
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = plain(word);
    let rated =
        candidates.into_iter().filter_map(|word| Some((rating(&wanted, &plain(word))?, word)));
    rated.min_by_key(|(rating, _)| *rating).map(|(_, word)| word)
}

/// Lower case, without the marks that only spelling conventions differ in.
fn plain(word: &str) -> Vec<char> {
    let letters = word.chars().filter(|letter| !matches!(letter, '_' | '-' | ' '));
    letters.take(64).flat_map(char::to_lowercase).collect()
}

/// How far `allowed` is from `written`, small being near; `None` when they do not resemble.
fn rating(written: &[char], allowed: &[char]) -> Option<usize> {
    let length = written.len().min(allowed.len());
    let distance = distance(written, allowed);
    if distance <= 2 && distance <= length.div_ceil(3) {
        return Some(distance);
    }
    let begins = length >= 3 && written[..length] == allowed[..length];
    begins.then(|| 3 + written.len().abs_diff(allowed.len()))
}

/// Letters to change, add, drop, or swap with their neighbour (optimal string alignment).
fn distance(left: &[char], right: &[char]) -> usize {
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut before = vec![0; right.len() + 1];
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut line = vec![row + 1; right.len() + 1];
        for (column, other) in right.iter().enumerate() {
            let change = last[column] + usize::from(letter != other);
            let mut best = change.min(last[column + 1] + 1).min(line[column] + 1);
            let swapped =
                row > 0 && column > 0 && left[row - 1] == *other && right[column - 1] == *letter;
            if swapped {
                best = best.min(before[column - 1] + 1);
            }
            line[column + 1] = best;
        }
        before = std::mem::replace(&mut last, line);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn near(written: &str) -> Option<&'static str> {
        nearest(written, ["due", "due_day", "id", "people", "tickets", "release"])
    }

    #[test]
    fn a_slip_of_two_letters_is_understood() {
        assert_eq!(near("tikcets"), Some("tickets"));
        assert_eq!(near("poeple"), Some("people"));
        assert_eq!(near("relase"), Some("release"));
    }

    #[test]
    fn spelling_conventions_do_not_matter() {
        assert_eq!(near("dueDay"), Some("due_day"));
        assert_eq!(near("ID"), Some("id"));
    }

    #[test]
    fn a_beginning_is_understood() {
        assert_eq!(near("tick"), Some("tickets"));
        assert_eq!(near("tickets_list"), Some("tickets"));
    }

    #[test]
    fn a_stranger_is_not() {
        assert_eq!(near("colour"), None);
        assert_eq!(near("x"), None);
        assert_eq!(near(""), None);
    }

    #[test]
    fn chinese_words_are_words_too() {
        assert_eq!(nearest("税务局", ["税务局浦东", "工商"]), Some("税务局浦东"));
    }
}
