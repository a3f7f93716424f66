@NullMarked
package dev.ingot.agent.transform;

import org.jspecify.annotations.NullMarked;
