/**
 * Ordinary programs that know nothing of Ingot, each about one feature. Each says the same lines in every run, a line every few
 * milliseconds, so that an instant can be named by a number of lines.
 */
@NullMarked
package dev.ingot.integration.program;

import org.jspecify.annotations.NullMarked;
