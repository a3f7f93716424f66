@NullMarked
package dev.ingot.cli;

import org.jspecify.annotations.NullMarked;
