"""How a plan becomes pixels: numpy and OpenCV at speed."""
