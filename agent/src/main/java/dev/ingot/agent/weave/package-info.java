/**
 * The bytecode transformer: gives methods the code by which a thread leaves its stack and builds it again.
 *
 * <p>{@link dev.ingot.agent.weave.Weaver} is the entry. One method passes through these steps, each a class:
 *
 * <ol>
 *   <li>{@code CallRewriter}: blocking calls, clocks and string concatenation are replaced by their runtime counterparts;
 *   <li>{@code UninitializedObjects}: a {@code new} with a capturable call among its arguments moves behind them;
 *   <li>{@code MethodAnalysis}: types of locals and stack, monitors held, live locals, and where each stack value comes from;
 *   <li>{@code MethodWeaver}: polls, capture handlers and, in the resumable variant, the entry switch.
 * </ol>
 */
@NullMarked
package dev.ingot.agent.weave;

import org.jspecify.annotations.NullMarked;
