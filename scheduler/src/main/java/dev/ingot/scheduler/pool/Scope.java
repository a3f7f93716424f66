package dev.ingot.scheduler.pool;

import java.util.function.Predicate;

/**
 * The nodes among which a place is looked for.
 *
 * @param domain in which they all are
 * @param admits which of these
 */
record Scope(Domain domain, Predicate<Node> admits) {
    Scope(Domain domain) {
        this(domain, node -> true);
    }

    boolean has(Node node) {
        return domain.holds(node) && admits.test(node);
    }

    /** Those of these nodes that another condition holds for as well. */
    Scope and(Predicate<Node> other) {
        return new Scope(domain, admits.and(other));
    }

    /** Those of these nodes that are not on probation. */
    Scope trusted() {
        return and(node -> !node.isOnProbation());
    }

    Scope except(String name) {
        return and(node -> !node.name.equals(name));
    }
}
