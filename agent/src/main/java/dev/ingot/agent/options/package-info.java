/**
 * What the user asked of the agent: the text after {@code -javaagent:…=}, parsed into one small record per concern.
 *
 * <p>Parsing runs at the start of the JVM, before the program. It therefore uses no regular expression, stream, lambda or
 * string concatenation unless it has an error to report.
 */
@NullMarked
package dev.ingot.agent.options;

import org.jspecify.annotations.NullMarked;
