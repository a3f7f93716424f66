/**
 * Makes checkpoints and resumes visible: flight recorder events, an MXBean, one log line each.
 *
 * <p>The start of a program pays nothing for it: no class of {@code jdk.jfr} or {@code java.management} is loaded before the
 * first checkpoint, unless the program itself has made the platform MBean server. Both modules may be missing.
 */
@NullMarked
package dev.ingot.agent.observe;

import org.jspecify.annotations.NullMarked;
