/** Test suites of other people's libraries, run in a JVM of their own. */
@NullMarked
package dev.ingot.integration.suite;

import org.jspecify.annotations.NullMarked;
