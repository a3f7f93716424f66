@NullUnmarked
package dev.ingot.core.jdk;

import org.jspecify.annotations.NullUnmarked;
