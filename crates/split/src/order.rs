//! An order of functions in which each is beside those that resemble it. Brotli then finds more to
//! repeat nearby, and its models change less often: 2 % of a program.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::mem;

use wasmparser::{BinaryReaderError, FunctionBody, Operator};

/// How much of the likeness to the functions before the last one counts: half for each step back.
const DECAY: f64 = 0.5;

/// The indices of the bodies in that order: first the largest, then always the function that is
/// most like the last ones.
pub fn by_likeness(bodies: &[FunctionBody]) -> Result<Vec<usize>, BinaryReaderError> {
    let vectors = vectors(bodies)?;
    let mut holders: BTreeMap<u64, Vec<(usize, f64)>> = BTreeMap::new();
    for (index, vector) in vectors.iter().enumerate() {
        for (feature, weight) in vector {
            holders.entry(*feature).or_default().push((index, *weight));
        }
    }
    let size = |index: &usize| bodies[*index].as_bytes().len();
    let mut rest: Vec<usize> = (0..bodies.len()).collect();
    let mut likeness = vec![0.0; bodies.len()];
    let mut order = vec![];
    // Of several equal ones, the first: the same program always gives the same order.
    let mut next = rest.iter().copied().rev().max_by_key(size);
    while let Some(current) = next {
        order.push(current);
        rest.retain(|index| *index != current);
        for it in &mut likeness {
            *it *= DECAY;
        }
        for (feature, weight) in &vectors[current] {
            for (index, other) in &holders[feature] {
                likeness[*index] += weight * other;
            }
        }
        let by_likeness = |a: &usize, b: &usize| likeness[*a].total_cmp(&likeness[*b]);
        next = rest.iter().copied().rev().max_by(by_likeness);
    }
    Ok(order)
}

/// What a function consists of: each pair of consecutive instructions that another function has
/// too, by how rare it is. The vector of a function has the length 1.
fn vectors(bodies: &[FunctionBody]) -> Result<Vec<Vec<(u64, f64)>>, BinaryReaderError> {
    let counts = bodies.iter().map(pairs).collect::<Result<Vec<_>, _>>()?;
    let mut holders: BTreeMap<u64, u32> = BTreeMap::new();
    for pair in counts.iter().flat_map(BTreeMap::keys) {
        *holders.entry(*pair).or_default() += 1;
    }
    let all = u32::try_from(bodies.len()).unwrap_or(u32::MAX);
    let vector = |counts: BTreeMap<u64, u32>| {
        let shared = counts.into_iter().filter(|(pair, _)| holders[pair] > 1);
        let weigh = |(pair, count): (u64, u32)| {
            let rarity = (all / holders[&pair]).max(1).ilog2() + 1;
            (pair, f64::from(count).sqrt() * f64::from(rarity))
        };
        let mut vector: Vec<_> = shared.map(weigh).collect();
        let length = vector.iter().map(|(_, weight)| weight * weight).sum::<f64>().sqrt();
        for (_, weight) in &mut vector {
            *weight /= length;
        }
        vector
    };
    Ok(counts.into_iter().map(vector).collect())
}

/// How often a function has each pair of consecutive instructions.
fn pairs(body: &FunctionBody) -> Result<BTreeMap<u64, u32>, BinaryReaderError> {
    let mut counts = BTreeMap::new();
    let mut last = 0;
    for operator in body.get_operators_reader()? {
        let current = digest(&operator?);
        *counts.entry(hash((last, current))).or_default() += 1;
        last = current;
    }
    Ok(counts)
}

/// An instruction with the operands that similar functions share.
fn digest(operator: &Operator) -> u64 {
    let operand = match operator {
        Operator::LocalGet { local_index: it }
        | Operator::LocalSet { local_index: it }
        | Operator::LocalTee { local_index: it }
        | Operator::Call { function_index: it }
        | Operator::Br { relative_depth: it }
        | Operator::BrIf { relative_depth: it } => u64::from(*it),
        Operator::I32Const { value } => u64::from(value.cast_unsigned()),
        Operator::I64Const { value } => value.cast_unsigned(),
        Operator::I32Load { memarg }
        | Operator::I32Load8U { memarg }
        | Operator::I32Store { memarg }
        | Operator::I32Store8 { memarg }
        | Operator::I64Load { memarg }
        | Operator::I64Store { memarg } => memarg.offset,
        _ => 0,
    };
    hash((mem::discriminant(operator), operand))
}

/// The same number in every run of the same build.
fn hash(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
