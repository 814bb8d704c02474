"""The recognition check of a valley (晋创谷): its facts, the file they come in, and the judgement."""
