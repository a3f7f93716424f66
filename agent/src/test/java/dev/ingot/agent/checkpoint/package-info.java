@NullMarked
package dev.ingot.agent.checkpoint;

import org.jspecify.annotations.NullMarked;
