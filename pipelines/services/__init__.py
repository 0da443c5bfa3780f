"""The verbs that change boards, a file for each noun."""
