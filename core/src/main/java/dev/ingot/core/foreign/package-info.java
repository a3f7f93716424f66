/**
 * Carries what libraries that call native functions, such as jffi, keep of native memory.
 *
 * <p>{@link ForeignCodecs} is the door. Such a library's objects describe what their addresses stand for: a library by its name, a
 * function's form by the types of its parameters. From that the native side is made anew, and addresses of functions are
 * found again by their place in their library. An object with any other address is refused by name.
 */
@NullMarked
package dev.ingot.core.foreign;

import org.jspecify.annotations.NullMarked;
