"""Real mail servers, name servers and the TECS programs, brought up in a folder of their own for a test or a demo."""
