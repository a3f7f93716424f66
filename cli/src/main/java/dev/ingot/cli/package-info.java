/**
 * The {@code ingot} command: one class per subcommand, all declared in {@link IngotCommand}.
 *
 * <p>Results go to standard output, as text or with {@code --json} as one JSON object; everything else goes to standard error.
 */
@NullMarked
package dev.ingot.cli;

import org.jspecify.annotations.NullMarked;
