package dev.ingot.agent.log;

/** How much the agent writes. Each level includes those before it. */
public enum LogLevel {
    /** Errors, and warnings once each. */
    QUIET,
    /** Every warning, and one line per checkpoint or resume. */
    INFO,
    /** Whatever helps to find a fault, with stack traces. */
    DEBUG
}
