/** Checkpoints and resumes: stop the threads, write or read the image, let the threads go on. */
@NullMarked
package dev.ingot.agent.checkpoint;

import org.jspecify.annotations.NullMarked;
