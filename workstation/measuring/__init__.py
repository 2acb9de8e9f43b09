"""What a distance, an angle or an area on an image means in the patient."""
