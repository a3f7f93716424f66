package dev.ingot.agent.observe;

import jdk.jfr.Category;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

@Name("ingot.Resume")
@Label("Resume")
@Category("Ingot")
@StackTrace(false)
final class ResumeEvent extends ImageEvent {}
