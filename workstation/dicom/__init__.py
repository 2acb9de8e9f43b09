"""What a data set means: the only room that knows the DICOM standard and pydicom."""
