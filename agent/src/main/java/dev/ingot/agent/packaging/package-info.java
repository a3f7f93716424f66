/** Steps of the build that lay out the agent's jar. Not part of the jar. */
@NullMarked
package dev.ingot.agent.packaging;

import org.jspecify.annotations.NullMarked;
