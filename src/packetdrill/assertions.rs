//! `assert` between `%{` and `}%`: comparisons of numbers and of fields of `struct tcp_info`.

use super::script::{Comparison, Order, Term};

/// Reads `a == b`, `a <= b < c`; `None` if it is anything else.
pub(super) fn comparison(text: &str) -> Option<Comparison> {
    let mut terms = Vec::new();
    let mut orders = Vec::new();
    let mut rest = text.trim();
    loop {
        let end = rest.find(['=', '<', '>', '!']).unwrap_or(rest.len());
        terms.push(term(rest[..end].trim())?);
        rest = &rest[end..];
        if rest.is_empty() {
            break;
        }
        let (order, length) = ORDERS
            .iter()
            .find_map(|(sign, order)| rest.starts_with(sign).then_some((*order, sign.len())))?;
        orders.push(order);
        rest = &rest[length..];
    }
    (!orders.is_empty()).then_some(Comparison { terms, orders })
}

/// Longer signs first.
const ORDERS: [(&str, Order); 6] = [
    ("==", Order::Equal),
    ("!=", Order::Unequal),
    ("<=", Order::AtMost),
    (">=", Order::AtLeast),
    ("<", Order::Less),
    (">", Order::More),
];

/// A number, a name, or a product of numbers.
fn term(text: &str) -> Option<Term> {
    let word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if let Some(number) = number(text) {
        return Some(Term::Number(number));
    }
    if text.contains('*') {
        let factors = text.split('*').map(|factor| number(factor.trim()));
        let product = factors.reduce(|one, other| one?.checked_mul(other?))??;
        return Some(Term::Number(product));
    }
    (!text.is_empty() && word(text)).then(|| Term::Name(text.to_owned()))
}

fn number(text: &str) -> Option<i64> {
    match text.strip_prefix("0x") {
        Some(digits) => i64::from_str_radix(digits, 16).ok(),
        None => text.parse().ok(),
    }
}

/// The numbers that names stand for in Linux's headers.
pub(super) fn constant(name: &str) -> Option<i64> {
    Some(match name {
        "TCP_CA_Open" | "False" => 0,
        "TCP_CA_Disorder" | "True" => 1,
        "TCP_CA_CWR" => 2,
        "TCP_CA_Recovery" => 3,
        "TCP_CA_Loss" => 4,
        _ => return None,
    })
}

impl Order {
    /// Whether it holds.
    pub(super) const fn holds(self, left: i64, right: i64) -> bool {
        match self {
            Self::Equal => left == right,
            Self::Unequal => left != right,
            Self::AtMost => left <= right,
            Self::AtLeast => left >= right,
            Self::Less => left < right,
            Self::More => left > right,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{comparison, constant};
    use crate::packetdrill::script::Term;

    #[test]
    fn comparisons_are_chains_of_numbers_and_names() {
        let chain = comparison("100*1000 <= tcpi_rtt < 0x1F0000").unwrap();
        assert_eq!(chain.terms[0], Term::Number(100_000));
        assert_eq!(chain.terms[1], Term::Name("tcpi_rtt".to_owned()));
        assert_eq!((chain.terms.len(), chain.orders.len()), (3, 2));
        for text in ["tcpi_rtt", "", "a == ", "a + b == 3", "(a) == 1", "a == b or c", "2*x == 4"] {
            assert_eq!(comparison(text), None, "{text}");
        }
        assert_eq!(constant("TCP_CA_Loss"), Some(4));
    }
}
